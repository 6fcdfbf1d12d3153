// SPDX-License-Identifier: Apache-2.0
package io.nvremote.gpu.nvml;

import io.nvremote.core.Clock;
import io.nvremote.gpu.GpuCard;
import io.nvremote.gpu.GpuFault;
import io.nvremote.gpu.GpuSensor;
import io.nvremote.telemetry.MetricReport;
import io.nvremote.telemetry.MetricSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** NVIDIA's GPUs as their driver describes them; says nothing where there is no driver. Safe for any thread. */
@Designate(ocd = NvmlConfig.class)
@Component(
        service = {GpuSensor.class, MetricSource.class},
        configurationPid = NvmlConfig.PID,
        property = "service.ranking:Integer=0")
public final class NvmlSensor implements GpuSensor, MetricSource, AutoCloseable {

    private final @Nullable NvmlLibrary library;
    private final @Nullable FaultWatch faults;

    @Activate
    public NvmlSensor(NvmlConfig config) {
        this(NvmlSettings.of(config));
    }

    /**
     * For code that has no framework around it.
     *
     * @param driverFolder where the driver is
     */
    public NvmlSensor(Path driverFolder) {
        this(new NvmlSettings(driverFolder));
    }

    private NvmlSensor(NvmlSettings settings) {
        library = NvmlLibrary.open(settings.library());
        faults = library == null ? null : FaultWatch.start(library, Clock.system());
    }

    @Override
    public Optional<Reading> read() {
        return each().findFirst().flatMap(NvmlSensor::reading); // with each heartbeat: the others are not asked
    }

    private static Optional<Reading> reading(GpuCard card) {
        Integer load = card.load();
        Long total = card.memoryTotalMb();
        Long used = card.memoryUsedMb();
        return load == null || total == null || used == null
                ? Optional.empty()
                : Optional.of(new Reading(card.name(), load, total, used));
    }

    @Override
    public List<GpuCard> cards() {
        return each().toList();
    }

    private Stream<GpuCard> each() {
        NvmlLibrary driver = library;
        FaultWatch watch = faults;
        return driver == null || watch == null
                ? Stream.empty()
                : driver.devices().stream().map(device -> driver.card(device, watch::last));
    }

    @Override
    public Optional<GpuFault> lastFault() {
        return faults == null ? Optional.empty() : faults.latest();
    }

    @Override
    public void report(MetricReport to) {
        FaultWatch watch = faults;
        if (watch != null) {
            cards().forEach(card -> GpuMetrics.report(card, watch.count(card.uuid()), to));
        }
    }

    @Deactivate
    @Override
    public void close() {
        if (faults != null) {
            faults.close();
        }
    }
}
