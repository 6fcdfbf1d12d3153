// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;

class HeldTest {

    /** What a component can be given of a service; never made. */
    @SuppressWarnings("unused")
    private static class Base {
        private @Nullable Supplier<String> inherited;
    }

    @SuppressWarnings("unused")
    private static final class Taker extends Base {

        private @Nullable Supplier<String> service;
        private @Nullable ServiceReference<Supplier<String>> reference;
        private @Nullable ComponentServiceObjects<Supplier<String>> objects;
        private @Nullable Map<String, Object> properties;

        Taker(List<Supplier<String>> all, Supplier<String> one, ServiceReference<Supplier<String>> later) {}

        void came(Supplier<String> one) {}

        void told(ServiceReference<Supplier<String>> one) {}

        void either(ServiceReference<Supplier<String>> one) {}

        void either(Supplier<String> one) {}
    }

    @ParameterizedTest
    @CsvSource({
        "service, , , , true",
        "inherited, , , , true",
        "reference, , , , false",
        "objects, , , , false",
        "properties, , , , false",
        "absent, , , , false",
        " , came, , , true",
        " , told, , , false",
        " , either, , , false",
        " , absent, , , false",
        " , , 1, , true",
        " , , 2, , false",
        " , , 0, service, true",
        " , , 0, reference, false",
        "service, , , tuple, false",
        " , , , , false",
    })
    void only_who_is_given_the_service_itself_holds_it(
            @Nullable String field,
            @Nullable String bind,
            @Nullable Integer parameter,
            @Nullable String collection,
            boolean holds) {
        ReferenceDTO reference = new ReferenceDTO();
        reference.field = field;
        reference.bind = bind;
        reference.parameter = parameter;
        reference.collectionType = collection;
        assertThat(new Held(context(Taker.class)).holds(component(Taker.class.getName()), reference))
                .isEqualTo(holds);
    }

    @Test
    void nobody_holds_anything_whose_class_or_bundle_is_gone() {
        ReferenceDTO reference = new ReferenceDTO();
        reference.field = "service";
        assertThat(new Held(context(Taker.class)).holds(component("a.Gone"), reference))
                .isFalse();
        assertThat(new Held(context(null)).holds(component(Taker.class.getName()), reference))
                .isFalse();
    }

    private static ComponentDescriptionDTO component(String type) {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.bundle = new BundleDTO();
        component.bundle.id = 7;
        component.implementationClass = type;
        return component;
    }

    /** One bundle with one class, or none. */
    private static BundleContext context(@Nullable Class<?> type) {
        Bundle bundle = proxy(Bundle.class, name -> {
            if (type == null || !name.equals(type.getName())) {
                throw new ClassNotFoundException(String.valueOf(name));
            }
            return type;
        });
        return proxy(BundleContext.class, id -> type != null && id.equals(7L) ? bundle : null);
    }

    private interface Answer {
        @Nullable
        Object to(Object argument) throws ClassNotFoundException;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer.to(arguments[0])));
    }
}
