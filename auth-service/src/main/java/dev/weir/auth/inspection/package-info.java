/** What a person may see of their own account: GET /session/{id}, /sessions and /users/me. */
@NullMarked
package dev.weir.auth.inspection;

import org.jspecify.annotations.NullMarked;
