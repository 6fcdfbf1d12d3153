// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract of the TCK, as a vendor's build would, and tells what each test said. */
final class ContractRun implements TestExecutionListener {

    private final Map<String, TestExecutionResult> results = new TreeMap<>();

    /** That every test of it passes. */
    static void assertPasses(Class<?> contract) {
        assertThat(new ContractRun().run(selectClass(contract)))
                .hasSizeGreaterThan(2)
                .allSatisfy((test, result) -> assertThat(result.getStatus())
                        .as("%s: %s", test, result.getThrowable())
                        .isEqualTo(Status.SUCCESSFUL));
    }

    /** That this test of it fails. */
    static void assertRefuses(Class<?> contract, String test) {
        Map<String, TestExecutionResult> results = new ContractRun().run(selectMethod(contract, test));
        assertThat(results).containsOnlyKeys(test);
        assertThat(results.get(test).getStatus()).isEqualTo(Status.FAILED);
    }

    private Map<String, TestExecutionResult> run(DiscoverySelector selector) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selector).build();
        // A launcher of its own kind: the one that runs this very test has listeners that would count these tests too.
        LauncherConfig alone = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .build();
        LauncherFactory.create(alone).execute(request, this);
        return results;
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        identifier
                .getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .ifPresent(source -> results.put(source.getMethodName(), result));
    }
}
