// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.core.StreamException;
import io.nvremote.lib.admission.Admission;
import io.nvremote.lib.admission.Admission.Admitted;
import io.nvremote.lib.admission.Headers;
import io.nvremote.lib.admission.OwnBundle;
import io.nvremote.lib.admission.PlatformNames;
import io.nvremote.lib.admission.RuntimePackages;
import io.nvremote.lib.signed.Publishers;
import io.nvremote.lib.signed.Revocations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What a host agent or a client would say to a jar: by the code that decides there, and the manifests of the bundles that it is shipped with. */
record PluginVerification(Path jar, @Nullable Path publishers, String runtime, List<Headers> shipped) {

    /** @param named the runtime, if it is not to be chosen by what the jar is */
    static PluginVerification of(Path jar, @Nullable Path publishers, @Nullable String named) throws IOException {
        if (publishers != null && !Files.isDirectory(publishers)) {
            throw new Trouble("--publishers is no folder: " + publishers.toAbsolutePath());
        }
        String runtime = PluginRuntime.of(jar, named);
        return new PluginVerification(jar, publishers, runtime, ShippedBundles.of(runtime));
    }

    /** Prints the answer and gives the exit code: 0 it would be admitted, 1 it would be refused. */
    int tell(CommandSpec spec) {
        ObjectNode answer = new ObjectMapper().createObjectNode();
        try {
            Admitted plugin = admit();
            answer.put("ok", true)
                    .putObject("plugin")
                    .put("name", plugin.name())
                    .put("version", plugin.version().toString())
                    .put("publisher", plugin.publisher().subject())
                    .put("valid_until", plugin.publisher().until().toString())
                    .put(
                            "serial",
                            plugin.publisher().certificate().getSerialNumber().toString(16))
                    .put("key", Revocations.keyDigest(plugin.publisher().certificate()))
                    .put("sha256", plugin.sha256());
            spec.commandLine().getOut().println(answer.toPrettyString());
            if (publishers == null) {
                spec.commandLine()
                        .getErr()
                        .println("nvremote: whether the " + runtime.replace('-', ' ') + " trusts "
                                + plugin.publisher().subject() + " is not looked at; --publishers FOLDER does that");
            }
            return 0;
        } catch (StreamException e) {
            answer.put("ok", false)
                    .put("code", e.code().name())
                    .put("message", e.getMessage())
                    .put("advice", e.code().advice());
            spec.commandLine().getOut().println(answer.toPrettyString());
            spec.commandLine()
                    .getErr()
                    .println("nvremote: " + jar + " would be refused: " + e.getMessage() + " (" + e.code() + "). "
                            + e.code().advice());
            return 1;
        }
    }

    private Admitted admit() {
        Publishers trusted = publishers == null ? Publishers.anybody() : new Publishers(publishers);
        Admitted plugin = new Admission(trusted).admit(jar, Instant.now());
        PlatformNames.check(
                plugin,
                shipped.stream()
                        .filter(headers -> headers.value("Bundle-SymbolicName") != null)
                        .map(OwnBundle::of)
                        .filter(own -> own.name().equalsIgnoreCase(plugin.name()))
                        .toList());
        new RuntimePackages(shipped).check(plugin.manifest());
        return plugin;
    }
}
