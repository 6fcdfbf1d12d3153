// SPDX-License-Identifier: Apache-2.0
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Packs PostgreSQL's programs anew at build time, as gzip instead of xz: unpacking xz in Java was a third of the processor time
 * of a control plane's first start. Arguments: the target file. Does nothing when it is there.
 */
final class Repack {

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private Repack() {}

    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        if (Files.exists(target)) {
            return;
        }
        Files.createDirectories(target.getParent());
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        try (InputStream packed = Repack.class.getResourceAsStream(ARCHIVE)) {
            if (packed == null) {
                throw new IOException("no " + ARCHIVE + " on the class path");
            }
            try (InputStream tar = new XZInputStream(new BufferedInputStream(packed, 1 << 16));
                    OutputStream out = new GZIPOutputStream(Files.newOutputStream(fresh), 1 << 16)) {
                tar.transferTo(out);
            }
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
