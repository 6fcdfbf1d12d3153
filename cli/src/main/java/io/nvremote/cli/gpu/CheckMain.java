// SPDX-License-Identifier: Apache-2.0
package io.nvremote.cli.gpu;

import io.nvremote.capture.CaptureError;
import io.nvremote.cli.gpu.Finding.Outcome;
import io.nvremote.core.ErrorCode;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.media.Codec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** The process that calls the driver: runs checks one after another and says what came of each, until {@link CheckRun} is gone. */
public final class CheckMain {

    /** Before each finding: a driver may print what it likes. */
    static final String MARK = "@nvremote-check ";

    /** What a machine or its driver does not have, which is no fault of either. */
    private static final Set<ErrorCode> LACKS =
            Set.of(EncodeError.DEVICE_UNAVAILABLE, EncodeError.DEVICE_FULL, CaptureError.SOURCE_UNAVAILABLE);

    private CheckMain() {}

    /**
     * Makes the checks.
     *
     * @param arguments the fake driver's folder or nothing, the folder to work in, and the checks
     */
    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().start(CheckMain::endWithTheCommand);
        PrintStream findings = System.out;
        System.setOut(System.err);
        CheckMachine machine =
                new CheckMachine(arguments[0].isEmpty() ? null : Path.of(arguments[0]), Path.of(arguments[1]));
        Arrays.stream(arguments).skip(2).map(GpuCheck::valueOf).forEach(check -> {
            findings.println(MARK + finding(check, machine).json());
            findings.flush();
        });
        System.exit(0); // drivers have threads of their own
    }

    private static void endWithTheCommand() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever said
            }
        } catch (IOException e) {
            // as its end
        }
        Runtime.getRuntime().halt(0);
    }

    private static Finding finding(GpuCheck check, CheckMachine machine) {
        try {
            return of(check, machine).of(check);
        } catch (NotProven e) {
            return Outcome.notProven(String.valueOf(e.getMessage())).of(check);
        } catch (StreamException e) {
            String words = String.valueOf(e.getMessage());
            return (LACKS.contains(e.code()) ? Outcome.notProven(words) : Outcome.fail(e.code() + ": " + words))
                    .of(check);
        } catch (Exception | LinkageError e) {
            return Outcome.fail(e.toString()).of(check);
        }
    }

    private static Outcome of(GpuCheck check, CheckMachine machine) throws Exception {
        DriverChecks driver = new DriverChecks(machine);
        return switch (check) {
            case LIBRARY_ML -> driver.library("libnvidia-ml.so.1", "libnvidia-ml1", "utility");
            case LIBRARY_CUDA -> driver.library("libcuda.so.1", "libcuda1", "compute");
            case LIBRARY_ENCODE -> driver.library("libnvidia-encode.so.1", "libnvidia-encode1", "video");
            case LIBRARY_FBC -> driver.library("libnvidia-fbc.so.1", "libnvidia-fbc1", "display");
            case NVML_FIGURES -> driver.nvml();
            case NVML_XID -> driver.faults();
            case CUDA_DEVICES -> driver.devices();
            case CUDA_KERNEL -> new KernelCheck(machine).run();
            case NVENC_INSTANCE -> driver.instance();
            case NVENC_SESSION -> driver.sessions();
            case NVENC_CAPS -> driver.capabilities();
            case H264_PICTURES -> new StreamChecks(machine, Codec.H264).pictures();
            case H264_KEY_FRAME -> new StreamChecks(machine, Codec.H264).keyFrame();
            case H264_RATE -> new StreamChecks(machine, Codec.H264).rate();
            case H264_LOSS -> new LossCheck(machine, Codec.H264).run();
            case HEVC_PICTURES -> new StreamChecks(machine, Codec.HEVC).pictures();
            case HEVC_KEY_FRAME -> new StreamChecks(machine, Codec.HEVC).keyFrame();
            case HEVC_RATE -> new StreamChecks(machine, Codec.HEVC).rate();
            case HEVC_LOSS -> new LossCheck(machine, Codec.HEVC).run();
            case AV1_PICTURES -> new StreamChecks(machine, Codec.AV1).pictures();
            case AV1_KEY_FRAME -> new StreamChecks(machine, Codec.AV1).keyFrame();
            case AV1_RATE -> new StreamChecks(machine, Codec.AV1).rate();
            case AV1_LOSS -> new LossCheck(machine, Codec.AV1).run();
            case NVENC_COLOURS ->
                missing("the encoder hands NVENC its own NV12 only, so there is no other to compare with");
            case NVENC_SPEED_1080P60 -> new LoadChecks(machine).speed(1920, 1080);
            case NVENC_SPEED_2160P60 -> new LoadChecks(machine).speed(3840, 2160);
            case NVENC_SESSIONS -> new LoadChecks(machine).sessions();
            case WORKER_RESTART -> new WorkerCheck(machine).run();
            case NVENC_SOAK -> missing("ten minutes of a stream are not part of this command yet");
            case NVDEC -> missing("there is no decoder on the GPU here yet");
            case NVFBC_INSTANCE -> new CaptureChecks(machine).instance();
            case NVFBC_PIXELS -> new CaptureChecks(machine).pixels();
            case NVFBC_RESIZE -> missing("this command changes no screen");
        };
    }

    private static Outcome missing(String why) {
        return Outcome.notProven(why);
    }
}
