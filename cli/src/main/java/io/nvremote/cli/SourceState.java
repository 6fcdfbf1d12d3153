// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;

/**
 * What a project's files look like: all that a person may save, with time and size. Looked at again and again rather than watched: that
 * works on every file system and in folders of any number, and what was saved while a build ran is seen after it.
 */
record SourceState(Map<Path, String> files) {

    SourceState {
        files = Map.copyOf(files);
    }

    static SourceState of(Path project) throws IOException {
        Map<Path, String> files = new HashMap<>();
        Files.walkFileTree(project, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean made = !folder.equals(project) && (isHidden(folder) || folder.endsWith("target"));
                return made ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!isHidden(file) && !isNoSource(file.getFileName().toString())) {
                    files.put(file, attributes.lastModifiedTime() + " " + attributes.size());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // It went away meanwhile: editors write beside and rename.
            }
        });
        return new SourceState(files);
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /** Copies that editors make, and what signing makes. */
    private static boolean isNoSource(String name) {
        return name.endsWith("~") || name.endsWith(".p12") || name.endsWith(".pem");
    }
}
