// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.lib.chain.ChainFault;
import io.nvremote.lib.chain.ChainHead;
import io.nvremote.lib.chain.ChainVerification;
import io.nvremote.lib.chain.ChainVerifier;
import io.nvremote.lib.chain.HeadKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What was exported of the audit log, on any machine: asks no control plane and no network. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description = "Exports of the audit log. Needs no control plane and no network.")
final class AuditCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Command(
            description = {
                "Verifies an export (format jsonl): finds the first record that was altered, removed, put in or moved, and a file that was cut.",
                "Without --key, whoever changed the file may have written its last line anew, and the chain with it."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:all of it fits",
                "1:something does not fit; the first such thing is named",
                "2:wrong usage, or a file that is not there"
            })
    int verify(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(
                            names = "--key",
                            paramLabel = "FILE",
                            description =
                                    "The public key that signed the last line, as PEM: public_key of GET /orgs/ORG/audit-logs/key, fetched at another time than the export.")
                    @Nullable
                    Path key,
            @Option(names = "--json", description = "Print what was found as JSON.") boolean json)
            throws IOException {
        PublicKey wanted = key == null ? null : publicKey(key);
        ChainVerification found;
        try (InputStream in = Files.newInputStream(file(file))) {
            found = ChainVerifier.verify(in, wanted);
        }
        spec.commandLine().getOut().println(json ? json(found, wanted != null) : text(found, wanted != null));
        ChainFault fault = found.fault();
        if (fault == null) {
            return 0;
        }
        spec.commandLine()
                .getErr()
                .println("nvremote: " + file + " does not fit: line " + fault.line() + ": " + fault.message() + " ("
                        + fault.kind() + ")");
        return 1;
    }

    private static Path file(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Trouble("no such file: " + file.toAbsolutePath());
        }
        return file;
    }

    private static PublicKey publicKey(Path file) throws IOException {
        try {
            return HeadKey.publicKey(new String(Files.readAllBytes(file(file)), StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new Trouble("--key is no " + HeadKey.ALGORITHM + " public key: " + file.toAbsolutePath(), e);
        }
    }

    private static String text(ChainVerification found, boolean signed) {
        String records = found.records() == 0
                ? "no record"
                : "records " + found.first() + " to " + found.last() + " (" + found.records() + ")";
        ChainHead head = found.head();
        if (head == null || !found.whole()) {
            return "fits up to the fault: " + records;
        }
        String signature =
                signed ? "signed with key " + found.signer() : "its signature was not looked at: --key FILE does that";
        return "all fits: " + records + " of organisation " + head.org() + ", from "
                + head.period().from() + " to "
                + head.period().to() + System.lineSeparator() + "exported at "
                + head.period().at()
                + ", when the chain ended with record " + head.chain().sequence() + "; " + signature;
    }

    private static String json(ChainVerification found, boolean signed) {
        ObjectNode answer = new ObjectMapper()
                .createObjectNode()
                .put("ok", found.whole())
                .put("records", found.records())
                .put("first_seq", found.first())
                .put("last_seq", found.last());
        ChainHead head = found.head();
        if (head != null) {
            answer.put("org_id", head.org())
                    .put("from", head.period().from())
                    .put("to", head.period().to())
                    .put("exported_at", head.period().at())
                    .put("chain_seq", head.chain().sequence());
        }
        if (signed && found.whole()) {
            answer.put("signed_with", found.signer());
        }
        ChainFault fault = found.fault();
        if (fault != null) {
            answer.putObject("fault")
                    .put("code", fault.kind().name())
                    .put("line", fault.line())
                    .put("seq", fault.sequence())
                    .put("message", fault.message());
        }
        return answer.toPrettyString();
    }
}
