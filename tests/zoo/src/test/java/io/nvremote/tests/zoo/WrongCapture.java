// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.capture.CaptureSession;
import io.nvremote.capture.CaptureSource;
import io.nvremote.capture.CaptureSpec;
import io.nvremote.capture.Cursor;
import io.nvremote.core.FrameRate;
import io.nvremote.media.Damage;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import io.nvremote.media.HostSurface;
import io.nvremote.media.StageStamps;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sources that are right but for one thing, and the test of {@link io.nvremote.tck.CaptureSourceContract} that sees it. */
enum WrongCapture {
    A_SEQUENCE_THAT_STANDS_STILL("a_refresh_makes_the_next_grab_hand_over_a_picture_with_a_higher_sequence") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                Frame shown(Frame frame) {
                    return Pixels.with(frame, 1, frame.stamps(), frame.damage());
                }
            };
        }
    },
    STAMPS_OF_NOTHING("a_refresh_makes_the_next_grab_hand_over_a_picture_with_a_higher_sequence") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                Frame shown(Frame frame) {
                    return Pixels.with(frame, frame.sequence(), StageStamps.captured(0, 0), frame.damage());
                }
            };
        }
    },
    DRAWS_OVER_WHAT_IS_RETAINED("a_retained_picture_is_not_drawn_over") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                Frame shown(Frame frame) {
                    return Pixels.on(frame.host(), frame);
                }
            };
        }
    },
    PICTURES_FROM_ANOTHER_THREAD("the_first_grab_hands_over_the_screen_as_it_is") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                public Grab grab(Duration timeout, FrameSink sink) {
                    return right.grab(timeout, frame -> CompletableFuture.runAsync(() -> sink.accept(frame))
                            .join());
                }
            };
        }
    },
    A_STRIDE_SHORTER_THAN_A_ROW("the_first_grab_hands_over_the_screen_as_it_is") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                Frame shown(Frame frame) {
                    HostSurface from = frame.host();
                    List<HostSurface.Plane> planes = from.planes().stream()
                            .map(plane -> new HostSurface.Plane(plane.memory(), plane.strideBytes() / 2))
                            .toList();
                    return Pixels.on(new HostSurface(from.format(), from.size(), planes), frame);
                }
            };
        }
    },
    TWICE_AS_FAST_AS_ASKED("pictures_come_no_faster_than_the_rate_and_a_sixteenth") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(
                    source,
                    new CaptureSpec(
                            spec.display(),
                            spec.size(),
                            new FrameRate(Math.min(480, 2 * spec.rate().perSecond()))));
        }
    },
    SAYS_THAT_NOTHING_CHANGED("rows_outside_of_the_damage_are_the_same_as_before") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                Frame shown(Frame frame) {
                    return Pixels.with(frame, frame.sequence(), frame.stamps(), new Damage(this, new BitSet()));
                }
            };
        }
    },
    A_POINTER_OF_ANOTHER_SIZE("a_pointer_has_as_many_pixels_as_it_says") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                public @Nullable Cursor cursor() {
                    Cursor is = right.cursor();
                    return is == null
                            ? null
                            : new Cursor(
                                    is.serial(),
                                    is.x(),
                                    is.y(),
                                    is.hotX(),
                                    is.hotY(),
                                    is.width() + 1,
                                    is.height(),
                                    is.argb());
                }
            };
        }
    },
    CLOSES_UNDER_A_LENT_PICTURE("close_waits_for_a_running_grab") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                public void close() {
                    Thread.ofPlatform().start(right::close);
                }
            };
        }
    },
    THROWS_AT_THE_SECOND_CLOSE("close_ends_a_grab_that_waits") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                private boolean closed;

                @Override
                public void close() {
                    if (closed) {
                        throw new IllegalStateException("closed twice");
                    }
                    closed = true;
                    right.close();
                }
            };
        }
    },
    ENDS_WHEN_A_SINK_THROWS("a_sink_that_throws_does_not_break_the_session") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                public Grab grab(Duration timeout, FrameSink sink) {
                    try {
                        return right.grab(timeout, sink);
                    } catch (IllegalStateException e) {
                        right.close();
                        throw e;
                    }
                }
            };
        }
    },
    ONE_OPEN_AT_A_TIME("sessions_that_are_opened_at_once_are_each_their_own") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            OneAtATime.alone();
            return new CaptureCopy(source, spec);
        }
    },
    LEAKS_MEMORY_BY_THE_SESSION("opening_and_closing_leaves_nothing_behind") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            Kept.nativeMemory(1 << 20);
            return new CaptureCopy(source, spec);
        }
    },
    LEAKS_MEMORY_BY_THE_PICTURE("pictures_leave_nothing_behind") {
        @Override
        CaptureSession open(CaptureSource source, CaptureSpec spec) {
            return new CaptureCopy(source, spec) {
                @Override
                Frame shown(Frame frame) {
                    Kept.nativeMemory(256 << 10);
                    return frame;
                }
            };
        }
    };

    private final String refusedBy;

    WrongCapture(String refusedBy) {
        this.refusedBy = refusedBy;
    }

    String refusedBy() {
        return refusedBy;
    }

    abstract CaptureSession open(CaptureSource source, CaptureSpec spec);
}
