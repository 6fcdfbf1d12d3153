// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Tells CXF, by an extension of its bus as the Aries whiteboard takes them, which class loader its threads have. CXF asks for one
 * with each request, and where there is none it searches all resources of its bundle for it, in vain. The system's holds on to
 * no bundle, so that a thread that was made in a request keeps none in memory.
 */
@Component(service = {})
public final class BusClassLoader {

    private final ServiceRegistration<ClassLoader> registration;

    @Activate
    @SuppressWarnings("JdkObsolete") // the framework takes a Dictionary
    public BusClassLoader(BundleContext context) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("cxf.extension", true);
        registration = context.registerService(ClassLoader.class, ClassLoader.getSystemClassLoader(), properties);
    }

    @Deactivate
    void close() {
        registration.unregister();
    }
}
