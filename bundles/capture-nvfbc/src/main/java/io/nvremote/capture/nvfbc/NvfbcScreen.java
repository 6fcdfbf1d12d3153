// SPDX-License-Identifier: Apache-2.0
package io.nvremote.capture.nvfbc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nvremote.capture.CaptureError;
import io.nvremote.capture.nvfbc.NvfbcLibrary.Call;
import io.nvremote.core.StreamException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wall: a handle of the driver and the capture session on it, to the system's memory. For one thread, the same for all calls: the driver binds
 * a handle to the thread that creates it.
 */
final class NvfbcScreen {

    /** What a grab brought; the pixels are the driver's until the next call. {@code rows} is null where all may have changed. */
    record Grabbed(
            MemorySegment pixels,
            int width,
            int height,
            boolean fresh,
            long shownMicros,
            @Nullable BitSet rows) {}

    private static final int TO_SYSTEM = 0;
    private static final int TRACK_OUTPUT = 1;
    private static final int TRACK_SCREEN = 2;
    private static final int BGRA = 5;
    private static final int NOWAIT = 1;
    private static final int NOWAIT_IF_NEW_FRAME_READY = 4;
    /** Rows and columns of the screen that share a byte of the map of differences. */
    private static final int MAP_SCALE = 16;
    /** A direct capture that is none after so many pictures will be none. */
    private static final int TRIES_OF_DIRECT = 3;

    private final NvfbcLibrary library;
    private final String outputName;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment plain = NvfbcStruct.PLAIN.allocate(arena);
    private final MemorySegment status = NvfbcStruct.GET_STATUS.allocate(arena);
    private final MemorySegment grab = NvfbcStruct.TO_SYS_GRAB_FRAME.allocate(arena);
    private final MemorySegment info = arena.allocate(48, Long.BYTES);
    private final MemorySegment bufferPlace = arena.allocate(ADDRESS);
    private final MemorySegment mapPlace = arena.allocate(ADDRESS);
    private final long handle;
    private boolean capturing;
    private boolean direct = true;
    private int indirectPictures;
    private int mapWidth;
    private int mapHeight;
    private volatile CaptureOutput output = CaptureOutput.WHOLE_SCREEN;
    private volatile List<String> outputs = List.of();

    NvfbcScreen(NvfbcSettings settings) {
        library = new NvfbcLibrary(settings.driverFolder());
        outputName = settings.output();
        grab.set(ADDRESS, 8, info);
        MemorySegment create = NvfbcStruct.CREATE_HANDLE.allocate(arena);
        byte[] privateData = settings.privateBytes();
        if (privateData.length > 0) {
            MemorySegment data = arena.allocate(privateData.length);
            data.copyFrom(MemorySegment.ofArray(privateData));
            create.set(ADDRESS, 8, data);
            create.set(JAVA_INT, 16, privateData.length);
        }
        MemorySegment place = arena.allocate(JAVA_LONG);
        int answer = library.createHandle(place, create);
        if (answer != NvfbcStatus.SUCCESS) {
            arena.close();
            throw NvfbcStatus.refused(answer, "gives no handle");
        }
        handle = place.get(JAVA_LONG, 0);
    }

    /**
     * Begins to capture, unless the screen is just changing its mode: then false, and it is to be tried again.
     *
     * @throws StreamException {@link CaptureError#SOURCE_UNAVAILABLE} if this screen can't be captured
     */
    boolean begin() {
        int answer = library.call(Call.GET_STATUS, handle, status);
        if (answer != NvfbcStatus.SUCCESS) {
            throw NvfbcStatus.refused(answer, "tells no status");
        }
        if (status.get(JAVA_INT, 4) == 0) {
            throw NvfbcStatus.refused(NvfbcStatus.UNSUPPORTED, "can't capture");
        }
        if (status.get(JAVA_INT, 776) != 0 || status.get(JAVA_INT, 12) == 0) {
            return false;
        }
        outputs = CaptureOutput.names(status);
        output = CaptureOutput.named(outputName, status);
        create(output);
        return true;
    }

    private void create(CaptureOutput from) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment create = NvfbcStruct.CREATE_CAPTURE_SESSION.allocate(call);
            create.set(JAVA_INT, 4, TO_SYSTEM);
            create.set(JAVA_INT, 8, outputName.isEmpty() ? TRACK_SCREEN : TRACK_OUTPUT);
            create.set(JAVA_INT, 12, from.id());
            create.set(JAVA_INT, 44, 1); // a change of mode is told, not waited for
            create.set(JAVA_INT, 56, 1); // push
            create.set(JAVA_INT, 60, direct ? 1 : 0);
            int answer = library.call(Call.CREATE_CAPTURE_SESSION, handle, create);
            if (answer != NvfbcStatus.SUCCESS) {
                throw NvfbcStatus.refused(answer, "begins no session");
            }
            capturing = true;
            MemorySegment setUp = NvfbcStruct.TO_SYS_SET_UP.allocate(call);
            setUp.set(JAVA_INT, 4, BGRA);
            setUp.set(ADDRESS, 8, bufferPlace);
            setUp.set(JAVA_INT, 16, 1);
            setUp.set(ADDRESS, 24, mapPlace);
            setUp.set(JAVA_INT, 32, MAP_SCALE);
            answer = library.call(Call.TO_SYS_SET_UP, handle, setUp);
            if (answer != NvfbcStatus.SUCCESS) {
                throw NvfbcStatus.refused(answer, "sets up no memory");
            }
            mapWidth = setUp.get(JAVA_INT, 36);
            mapHeight = setUp.get(JAVA_INT, 40);
            indirectPictures = 0;
        }
    }

    boolean capturing() {
        return capturing;
    }

    /** Where what is captured lies in the X screen. From any thread. */
    CaptureOutput output() {
        return output;
    }

    /** Names of the outputs of the X screen as it was begun last. From any thread. */
    List<String> outputs() {
        return outputs;
    }

    /**
     * The next picture, or after {@code timeout} the same once more; at once whatever there is if {@code timeout} is null. Null if the
     * session is over: it is to be begun again.
     *
     * @throws StreamException {@link CaptureError#SOURCE_LOST} if the driver or the X server fails
     */
    @Nullable
    Grabbed grab(@Nullable Duration timeout) {
        grab.set(JAVA_INT, 4, timeout == null ? NOWAIT : NOWAIT_IF_NEW_FRAME_READY);
        // 0 would mean for ever.
        grab.set(JAVA_INT, 16, timeout == null ? 0 : (int) Math.max(1, timeout.toMillis()));
        int answer = library.call(Call.TO_SYS_GRAB_FRAME, handle, grab);
        if (answer == NvfbcStatus.MUST_RECREATE) {
            end();
            return null;
        }
        if (answer != NvfbcStatus.SUCCESS) {
            throw NvfbcStatus.failed(answer, "grabs no picture");
        }
        boolean fresh = info.get(JAVA_INT, 16) != 0;
        if (direct && fresh && notDirect()) {
            direct = false;
            end();
            return null;
        }
        return picture(fresh);
    }

    private boolean notDirect() {
        indirectPictures = info.get(JAVA_INT, 40) != 0 ? 0 : indirectPictures + 1;
        return indirectPictures >= TRIES_OF_DIRECT;
    }

    @SuppressWarnings("restricted") // the driver's memory, of the size that it says; it moves when the screen changes
    private Grabbed picture(boolean fresh) {
        int width = info.get(JAVA_INT, 0);
        int height = info.get(JAVA_INT, 4);
        long bytes = Integer.toUnsignedLong(info.get(JAVA_INT, 8));
        if (width <= 0 || height <= 0 || bytes < 4L * width * height) {
            throw new StreamException(
                    CaptureError.SOURCE_LOST,
                    "NvFBC hands over a picture of " + width + "x" + height + " in " + bytes + " bytes");
        }
        MemorySegment pixels = bufferPlace.get(ADDRESS, 0).reinterpret(bytes);
        return new Grabbed(pixels, width, height, fresh, info.get(JAVA_LONG, 24), fresh ? rows(height) : null);
    }

    /** Rows with a byte in the map of differences; null if the map is of another size than the picture. */
    @SuppressWarnings("restricted") // the driver's memory, of the size that it says
    private @Nullable BitSet rows(int height) {
        if (mapWidth <= 0
                || (long) mapHeight * MAP_SCALE < height
                || mapPlace.get(ADDRESS, 0).equals(MemorySegment.NULL)) {
            return null;
        }
        MemorySegment map = mapPlace.get(ADDRESS, 0).reinterpret((long) mapWidth * mapHeight);
        BitSet rows = new BitSet(height);
        for (int row = 0; row * MAP_SCALE < height; row++) {
            for (int column = 0; column < mapWidth; column++) {
                if (map.get(JAVA_BYTE, (long) row * mapWidth + column) != 0) {
                    rows.set(row * MAP_SCALE, Math.min((row + 1) * MAP_SCALE, height));
                    break;
                }
            }
        }
        return rows;
    }

    private void end() {
        if (capturing) {
            capturing = false;
            // What it answers tells nothing that could be done about it.
            library.call(Call.DESTROY_CAPTURE_SESSION, handle, plain);
        }
    }

    /** Gives the handle back. Once. */
    void close() {
        end();
        library.call(Call.DESTROY_HANDLE, handle, plain);
        arena.close();
    }
}
