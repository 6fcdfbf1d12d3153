// SPDX-License-Identifier: Apache-2.0
package io.nvremote.wireguard;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Wall: {@code sendmsg} with {@code UDP_SEGMENT} (udp(7), Linux 4.18), which takes many datagrams of one length through
 * the kernel as one. The JDK has no such option, and tells no socket's descriptor: it is found by its port among the
 * descriptors of this process, and duplicated at once. What is used and closed here is the duplicate alone, so no
 * number that the JDK closed and somebody else got is ever touched.
 *
 * <p>One thread at a time, {@link #close} included. Nothing is allocated per call while the destination stays.
 */
@SuppressWarnings("restricted") // functions of the C library, as the manual declares them
final class UdpSegmentation implements Segmentation {

    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int MSG_DONTWAIT = 0x40;
    /** Of {@code struct sockaddr_in6}, the longer one. */
    private static final int NAME_BYTES = 28;

    private static final int NAME4_BYTES = 16;
    /** {@code struct cmsghdr} and 16 bits, aligned to 64. */
    private static final int CONTROL_BYTES = 24;

    private static final String ERRNO = "errno";

    private final Calls calls;
    private final int descriptor;
    private final boolean six;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment payload = arena.allocate(SendBatch.MAX_BYTES, 64);
    private final MemorySegment name = arena.allocate(NAME_BYTES, 8);
    private final MemorySegment vector = arena.allocate(16, 8);
    private final MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
    private final MemorySegment message = arena.allocate(56, 8);
    private final MemorySegment state = arena.allocate(Calls.STATE);
    private @Nullable InetSocketAddress named;
    private int errno;
    private boolean closed;

    private UdpSegmentation(Calls calls, int descriptor, boolean six) {
        this.calls = calls;
        this.descriptor = descriptor;
        this.six = six;
        control.set(JAVA_LONG, 0, 18); // header and value, without what aligns
        control.set(JAVA_INT, 8, SOL_UDP);
        control.set(JAVA_INT, 12, UDP_SEGMENT);
        vector.set(ADDRESS, 0, payload);
        message.set(ADDRESS, 0, name);
        message.set(JAVA_INT, 8, six ? NAME_BYTES : NAME4_BYTES);
        message.set(ADDRESS, 16, vector);
        message.set(JAVA_LONG, 24, 1);
        message.set(ADDRESS, 32, control);
        message.set(JAVA_LONG, 40, CONTROL_BYTES);
    }

    /**
     * Finds the UDP socket of this process that is bound to every address at that port.
     *
     * @throws IOException if there is none, or more than one
     * @throws RuntimeException if this is no 64-bit Linux, or native access is denied
     */
    static UdpSegmentation open(int port) throws IOException {
        if (!System.getProperty("os.name", "").equals("Linux") || ADDRESS.byteSize() != Long.BYTES) {
            throw new UnsupportedOperationException("only a 64-bit Linux takes bursts");
        }
        Calls calls = new Calls();
        int found = -1;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS);
                Arena arena = Arena.ofConfined()) {
            for (Path one : all) {
                int candidate = Integer.parseInt(one.getFileName().toString());
                if (isUdp(calls, arena, candidate, port)) {
                    if (found >= 0) {
                        throw new IOException("more than one descriptor of this process has UDP port " + port);
                    }
                    found = candidate;
                }
            }
            return duplicate(calls, arena, found, port);
        }
    }

    private static UdpSegmentation duplicate(Calls calls, Arena arena, int found, int port) throws IOException {
        int own = found < 0 ? -1 : calls.duplicate(found);
        if (own < 0) {
            throw new IOException("no descriptor of this process has UDP port " + port);
        }
        if (!isUdp(calls, arena, own, port)) { // the number had another owner by then
            calls.close(own);
            throw new IOException("the socket of UDP port " + port + " was closed meanwhile");
        }
        return new UdpSegmentation(calls, own, calls.family(arena, own, port) == AF_INET6);
    }

    private static boolean isUdp(Calls calls, Arena arena, int descriptor, int port) {
        return calls.family(arena, descriptor, port) != 0 && calls.type(arena, descriptor) == SOCK_DGRAM;
    }

    @Override
    public Outcome send(byte[] bytes, int offset, int length, int segment, InetSocketAddress to) {
        if (!to.equals(named)) {
            if (!six && to.getAddress() instanceof Inet6Address) {
                return Outcome.REFUSED;
            }
            name(to);
        }
        MemorySegment.copy(bytes, offset, payload, JAVA_BYTE, 0, length);
        vector.set(JAVA_LONG, 8, length);
        control.set(JAVA_SHORT, 16, (short) segment);
        errno = 0;
        if (calls.send(state, descriptor, message) >= 0) {
            return Outcome.SENT;
        }
        errno = (int) Calls.NUMBER.get(state, 0L);
        return outcome(errno);
    }

    /** The address as the socket's family writes it; an IPv6 socket of the JDK speaks IPv4 by mapped addresses. */
    private void name(InetSocketAddress to) {
        byte[] address = to.getAddress().getAddress();
        name.fill((byte) 0);
        name.set(JAVA_SHORT, 0, (short) (six ? AF_INET6 : AF_INET));
        name.set(NETWORK_SHORT, 2, (short) to.getPort());
        if (!six) {
            MemorySegment.copy(address, 0, name, JAVA_BYTE, 4, address.length);
        } else if (to.getAddress() instanceof Inet6Address wide) {
            MemorySegment.copy(address, 0, name, JAVA_BYTE, 8, address.length);
            name.set(JAVA_INT, 24, wide.getScopeId());
        } else {
            name.set(JAVA_SHORT, 18, (short) -1);
            MemorySegment.copy(address, 0, name, JAVA_BYTE, 20, address.length);
        }
        named = to;
    }

    /**
     * What is of the moment or of the destination passes; everything else (EINVAL and EMSGSIZE: longer than the device
     * takes; EIO: it can't compute checksums; ENOPROTOOPT: an old kernel) will stay as it is.
     */
    private static Outcome outcome(int errno) {
        return switch (errno) {
            // EINTR, EAGAIN, ENOMEM, ENOBUFS
            case 4, 11, 12, 105 -> Outcome.REFUSED;
            // EPERM, EACCES, ENETDOWN, ENETUNREACH, ECONNREFUSED, EHOSTUNREACH
            case 1, 13, 100, 101, 111, 113 -> Outcome.REFUSED;
            default -> Outcome.UNABLE;
        };
    }

    @Override
    public String reason() {
        return "sendmsg with UDP_SEGMENT failed with errno " + errno;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close(descriptor);
            arena.close();
        }
    }

    /** The functions of the C library. */
    private static final class Calls {

        static final MemoryLayout STATE = Linker.Option.captureStateLayout();
        static final VarHandle NUMBER = STATE.varHandle(MemoryLayout.PathElement.groupElement(ERRNO));

        private final MethodHandle getsockname =
                link("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        private final MethodHandle getsockopt =
                link("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        private final MethodHandle fcntl = link(
                "fcntl",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        private final MethodHandle close = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        private final MethodHandle sendmsg = link(
                "sendmsg",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
                Linker.Option.captureCallState(ERRNO));

        private static MethodHandle link(String function, FunctionDescriptor types, Linker.Option... options) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), types, options);
        }

        /** AF_INET or AF_INET6 if this is a socket bound to every address at that port, else 0. */
        int family(Arena arena, int descriptor, int port) {
            MemorySegment address = arena.allocate(NAME_BYTES, 8);
            MemorySegment length = arena.allocateFrom(JAVA_INT, NAME_BYTES);
            try {
                if ((int) getsockname.invokeExact(descriptor, address, length) != 0) {
                    return 0;
                }
            } catch (Throwable e) {
                throw unexpected(e);
            }
            int family = address.get(JAVA_SHORT, 0);
            boolean internet = family == AF_INET || family == AF_INET6;
            return internet
                            && (address.get(NETWORK_SHORT, 2) & 0xFFFF) == port
                            && everyAddress(address.asSlice(family == AF_INET ? 4 : 8, family == AF_INET ? 4 : 16))
                    ? family
                    : 0;
        }

        private static boolean everyAddress(MemorySegment address) {
            return address.mismatch(MemorySegment.ofArray(new byte[(int) address.byteSize()])) < 0;
        }

        /** The type of a socket, or -1. */
        int type(Arena arena, int descriptor) {
            MemorySegment type = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            try {
                int result = (int) getsockopt.invokeExact(descriptor, SOL_SOCKET, SO_TYPE, type, length);
                return result == 0 ? type.get(JAVA_INT, 0) : -1;
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        /** Another descriptor of the same socket, which no child process inherits; negative if there is none. */
        int duplicate(int descriptor) {
            try {
                return (int) fcntl.invokeExact(descriptor, F_DUPFD_CLOEXEC, 0);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        long send(MemorySegment state, int descriptor, MemorySegment message) {
            try {
                return (long) sendmsg.invokeExact(state, descriptor, message, MSG_DONTWAIT);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        void close(int descriptor) {
            try {
                int ignored = (int) close.invokeExact(descriptor);
                assert ignored == 0 : descriptor;
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        private static RuntimeException unexpected(Throwable e) {
            return e instanceof RuntimeException known ? known : new IllegalStateException("a system call failed", e);
        }
    }
}
