@NullMarked
package dev.weir.drills.report;

import org.jspecify.annotations.NullMarked;
