package dev.weir.gateway.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells one state of a file from the next. The key catches a rename over the file, as editors
 * and mounted configuration do it, even within one tick of the clock.
 */
record FileStamp(FileTime modified, long size, String key) {
  /** Equal to no state that a file can have. */
  static final FileStamp UNSEEN = new FileStamp(FileTime.fromMillis(0), -2, "");

  static final FileStamp MISSING = new FileStamp(FileTime.fromMillis(0), -1, "");

  static FileStamp of(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(
          attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
    } catch (IOException e) {
      return MISSING;
    }
  }
}
