@NullMarked
package dev.weir.quickstart.certificate;

import org.jspecify.annotations.NullMarked;
