// SPDX-License-Identifier: Apache-2.0
package io.nvremote.store.postgres;

import io.nvremote.core.StreamException;
import io.nvremote.store.StoreError;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** One provider's steps by name, as its bundle lists them: a framework has no class path to scan. */
final class StepFiles implements ResourceProvider {

    private final ProviderSteps provider;

    StepFiles(ProviderSteps provider) {
        this.provider = provider;
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return provider.steps().files().contains(name) ? new Step(name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return provider.steps().files().stream()
                .filter(name ->
                        name.startsWith(prefix) && List.of(suffixes).stream().anyMatch(name::endsWith))
                .<LoadableResource>map(Step::new)
                .toList();
    }

    /** One file of the provider. */
    private final class Step extends LoadableResource {

        private final String name;

        Step(String name) {
            this.name = name;
        }

        @Override
        public Reader read() {
            InputStream in = provider.steps().open(name);
            if (in == null) {
                throw new StreamException(
                        StoreError.MIGRATION_FAILED,
                        "the bundle with the tables of " + provider.provider() + " lacks " + name);
            }
            return new InputStreamReader(in, StandardCharsets.UTF_8);
        }

        @Override
        public String getAbsolutePath() {
            return name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return name;
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return name;
        }
    }
}
