// SPDX-License-Identifier: Apache-2.0
package io.nvremote.media.worker;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.CaptureSource;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.Encoder;
import io.nvremote.lib.tasks.PeriodicTask;
import io.nvremote.updates.PluginFigures.Processes;
import io.nvremote.worker.WorkerBody;
import io.nvremote.worker.WorkerError;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

/** All workers of this process, with one folder and one watch. Safe for any thread. */
final class WorkerHall implements AutoCloseable {

    /** How a kind of service is had from afar, and what its contract calls it when it can't. */
    private record Kind<S>(Class<S> service, ErrorCode unavailable, ErrorCode lost, Function<BodyWorkers, S> remote) {}

    private static final List<Kind<?>> KINDS = List.of(
            new Kind<>(Encoder.class, EncodeError.DEVICE_UNAVAILABLE, EncodeError.DEVICE_LOST, RemoteEncoder::new),
            new Kind<>(
                    CaptureSource.class, CaptureError.SOURCE_UNAVAILABLE, CaptureError.SOURCE_LOST, RemoteSource::new));

    private final WorkerSettings settings;
    private final Path folder;
    private final CodeFiles code;
    private final Launcher launcher;
    private final GpuFaults faults;
    private final List<BodyWorkers> bodies = new CopyOnWriteArrayList<>();
    private final PeriodicTask watch;

    /** Owns the folder, which it deletes at the end. */
    WorkerHall(WorkerSettings settings, Path folder, CodeFiles code, GpuFaults faults) {
        this.faults = faults;
        this.settings = settings;
        this.folder = folder;
        this.code = code;
        launcher = new Launcher(settings, code);
        WorkerWatch limits = new WorkerWatch(settings);
        watch = PeriodicTask.every(WorkerWatch.LOOK, "worker-limits", () -> bodies.forEach(limits::look));
    }

    <S> StartedBody<S> start(Class<S> service, Class<? extends WorkerBody<S>> body, Map<String, String> settings) {
        Kind<S> kind = kind(service);
        boolean makeable = Modifier.isPublic(body.getModifiers())
                && Stream.of(body.getConstructors()).anyMatch(each -> each.getParameterCount() == 0);
        if (!makeable) {
            throw new StreamException(
                    WorkerError.BODY_REFUSED,
                    body.getName() + " is not public, or has no public constructor without parameters");
        }
        List<CodeFiles.Jar> jars;
        try {
            jars = code.of(body);
        } catch (IOException e) {
            throw new StreamException(
                    kind.unavailable(), "the code of " + body.getName() + " can't be written: " + e.getMessage(), e);
        }
        Body loaded =
                new Body(code.owner(body), jars, body.getName(), Map.copyOf(settings), kind.unavailable(), kind.lost());
        BodyWorkers workers = new BodyWorkers(loaded, this.settings, launcher, folder, faults);
        bodies.add(workers);
        workers.prepare(Map.of(), Duration.ZERO);
        S remote = kind.remote().apply(workers);
        return new StartedBody<>(remote, workers, () -> bodies.remove(workers));
    }

    @SuppressWarnings("unchecked") // a kind's type is that of its class
    private static <S> Kind<S> kind(Class<S> service) {
        return (Kind<S>) KINDS.stream()
                .filter(kind -> kind.service().equals(service))
                .findFirst()
                .orElseThrow(() -> new StreamException(
                        WorkerError.BODY_REFUSED, "no worker carries services of the kind " + service.getName()));
    }

    /** What the workers of that plugin take and took. */
    Processes of(String plugin) {
        return bodies.stream()
                .filter(workers -> workers.body().name().equals(plugin))
                .map(BodyWorkers::processes)
                .reduce(Processes.NONE, Processes::and);
    }

    /** Workers that died since the start. */
    long deaths() {
        return bodies.stream().mapToLong(BodyWorkers::deaths).sum();
    }

    /** Ends all workers. */
    @Override
    public void close() {
        watch.close();
        bodies.forEach(BodyWorkers::close);
        launcher.close();
        Folders.delete(folder);
    }
}
