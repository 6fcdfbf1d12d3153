// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.gpu.GpuSensor;
import io.nvremote.updates.PluginFigures;
import io.nvremote.updates.PluginProcesses;
import io.nvremote.worker.WorkerBody;
import io.nvremote.worker.WorkerPlugin;
import io.nvremote.worker.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** Worker processes of this runtime, made of its own bundles. */
@Designate(ocd = WorkerConfig.class)
@Component(
        service = {Workers.class, PluginProcesses.class},
        configurationPid = WorkerConfig.PID)
public final class MediaWorkers implements Workers, PluginProcesses, AutoCloseable {

    /** Asked when a worker died, and then only; workers go on without it. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable GpuSensor gpu;

    private final WorkerHall hall;
    private final @Nullable Path code;

    @Activate
    public MediaWorkers(BundleContext context, WorkerConfig config) throws IOException {
        WorkerSettings settings = WorkerSettings.of(config);
        Path folder = Folders.create(settings.folder());
        // Megabytes of libraries: not in memory, of which a container has 64 MB at /dev/shm.
        code = Folders.create(Path.of(System.getProperty("java.io.tmpdir")));
        hall = new WorkerHall(settings, folder, new BundleCode(code, context.getBundle()), new GpuFaults(() -> gpu));
    }

    private MediaWorkers(WorkerHall hall) {
        this.hall = hall;
        code = null;
    }

    /** Workers that run the class path of this process, with the default settings, for code that has no framework around it. */
    public static MediaWorkers standalone() throws IOException {
        return new MediaWorkers(new WorkerHall(
                WorkerSettings.standard(), Folders.create(null), new ClassPathCode(), new GpuFaults(() -> null)));
    }

    @Override
    public <S> WorkerPlugin<S> start(
            Class<S> service, Class<? extends WorkerBody<S>> body, Map<String, String> settings) {
        return hall.start(service, body, settings);
    }

    @Override
    public PluginFigures.Processes of(String name) {
        return hall.of(name);
    }

    @Deactivate
    @Override
    public void close() {
        hall.close();
        if (code != null) {
            Folders.delete(code);
        }
    }
}
