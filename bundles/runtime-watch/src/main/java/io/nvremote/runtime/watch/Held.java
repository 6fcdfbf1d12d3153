// SPDX-License-Identifier: Apache-2.0
package io.nvremote.runtime.watch;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;

/** Looks at the class of a component for what it is given of a service (OSGi Compendium 8, 112.3): SCR does not tell. One thread. */
final class Held implements Wiring.Holders {

    /** Who is given one of these gets the service when it likes. */
    private static final List<Class<?>> LATER = List.of(
            ServiceReference.class, ComponentServiceObjects.class, java.util.Map.class, java.util.Map.Entry.class);

    private final BundleContext context;

    Held(BundleContext context) {
        this.context = context;
    }

    @Override
    public boolean holds(ComponentDescriptionDTO component, ReferenceDTO reference) {
        if (reference.collectionType != null) {
            return reference.collectionType.equals("service");
        }
        Bundle bundle = context.getBundle(component.bundle.id);
        if (bundle == null) {
            return false;
        }
        try {
            List<Class<?>> given = given(bundle.loadClass(component.implementationClass), reference);
            return !given.isEmpty() && LATER.stream().noneMatch(given::contains);
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            return false; // It can't run either.
        }
    }

    /** One, or more if methods of that name are: which of them SCR takes does not matter then. */
    private static List<Class<?>> given(Class<?> type, ReferenceDTO reference) {
        if (reference.parameter != null) {
            return Arrays.stream(type.getDeclaredConstructors())
                    .filter(constructor -> constructor.getParameterCount() > reference.parameter)
                    .<Class<?>>map(constructor -> constructor.getParameterTypes()[reference.parameter])
                    .toList();
        }
        Stream<Class<?>> types = Stream.iterate(type, Objects::nonNull, Class::getSuperclass);
        return types.flatMap(each -> given(each, reference.bind, reference.field))
                .toList();
    }

    private static Stream<Class<?>> given(Class<?> type, @Nullable String bind, @Nullable String field) {
        Stream<Class<?>> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(bind) && method.getParameterCount() > 0)
                .map(method -> method.getParameterTypes()[0]);
        Stream<Class<?>> fields = Arrays.stream(type.getDeclaredFields())
                .filter(each -> each.getName().equals(field))
                .map(Field::getType);
        return Stream.concat(methods, fields);
    }
}
