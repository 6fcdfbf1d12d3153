// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

class SuccessorTest {

    private final Bundle own = fake(Bundle.class, method -> 1L);
    private final Bundle other = fake(Bundle.class, method -> 2L);

    private static <T> T fake(Class<T> type, Function<String, Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> answer.apply(method.getName());
                }));
    }

    private boolean among(Bundle... bundles) {
        ServiceReference<?>[] offered = bundles.length == 0
                ? null
                : Stream.of(bundles)
                        .map(from -> fake(ServiceReference.class, method -> from))
                        .toArray(ServiceReference<?>[]::new);
        BundleContext context =
                fake(BundleContext.class, method -> method.equals("getBundle") ? own : (Object) offered);
        return Successor.isThere(context, Runnable.class);
    }

    @Test
    void another_bundle_s_service_takes_the_place_and_ones_own_does_not() {
        assertThat(among()).isFalse();
        assertThat(among(own)).isFalse();
        assertThat(among(other)).isTrue();
        assertThat(among(own, other)).isTrue();
    }
}
