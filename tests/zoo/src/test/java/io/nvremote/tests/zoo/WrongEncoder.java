// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.core.Bitrate;
import io.nvremote.core.Clock;
import io.nvremote.core.StreamException;
import io.nvremote.encode.EncodeError;
import io.nvremote.encode.EncodeSpec;
import io.nvremote.encode.Encoder;
import io.nvremote.encode.EncoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.AccessUnitSink;
import io.nvremote.media.Frame;
import io.nvremote.media.HostSurface;
import io.nvremote.media.PixelFormat;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Encoders that are right but for one thing, and the test of {@link io.nvremote.tck.EncoderContract} that sees it. */
enum WrongEncoder {
    WITHOUT_COLOUR("colours_are_those_of_bt709") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new Repainting(encoder, spec, sink) {
                @Override
                Frame repaint(Frame frame) {
                    return Pixels.changed(frame, Pixels::grey);
                }
            };
        }
    },
    BY_THE_MATRIX_OF_BT601("colours_are_those_of_bt709") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new Repainting(encoder, spec, sink) {
                @Override
                Frame repaint(Frame frame) {
                    return Pixels.changed(frame, Pixels::oldMatrix);
                }
            };
        }
    },
    RED_FOR_BLUE("colours_are_those_of_bt709") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new Repainting(encoder, spec, sink) {
                @Override
                Frame repaint(Frame frame) {
                    return Pixels.changed(frame, Pixels::swapped);
                }
            };
        }
    },
    CHROMA_PLANES_SWAPPED("every_pixel_format_that_is_taken_at_open_shows_its_colours") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new Repainting(encoder, spec, sink) {
                @Override
                Frame repaint(Frame frame) {
                    return Pixels.chromaSwapped(frame);
                }
            };
        }
    },
    CLAIMS_A_FORMAT_THAT_IT_REFUSES_LATER("every_pixel_format_that_is_taken_at_open_shows_its_colours") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new Repainting(encoder, spec, sink) {
                @Override
                Frame repaint(Frame frame) {
                    if (frame.host().format().equals(PixelFormat.NV12)) {
                        throw new StreamException(EncodeError.FRAME_REFUSED, "no NV12 after all");
                    }
                    return frame;
                }
            };
        }
    },
    CLAIMS_WHATEVER_IT_IS_ASKED_FOR("what_it_can_not_make_or_take_is_refused_at_open") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                EncodeSpec asked(EncodeSpec wanted) {
                    return EncodeSpec.of(wanted.codec(), wanted.size(), wanted.rate(), wanted.bitrate());
                }
            };
        }
    },
    IGNORES_THE_STRIDE("rows_begin_where_the_stride_says") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new Repainting(encoder, spec, sink) {
                @Override
                Frame repaint(Frame frame) {
                    return Pixels.withoutStride(frame);
                }
            };
        }
    },
    BELIEVES_ANY_DAMAGE("damage_is_believed_only_where_the_picture_before_was_seen") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new Repainting(encoder, spec, sink) {
                private final HostSurface picture = Pixels.blank(spec.size());

                @Override
                Frame repaint(Frame frame) {
                    Pixels.damaged(frame, picture);
                    return Pixels.undamaged(picture, frame);
                }
            };
        }
    },
    OF_WHOLE_MACROBLOCKS_ONLY("pictures_of_any_size_lose_no_more_than_an_odd_column_and_row") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            Size smaller = new Size(spec.size().width() & ~15, spec.size().height() & ~15);
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                EncodeSpec asked(EncodeSpec wanted) {
                    return new EncodeSpec(
                            wanted.codec(),
                            smaller,
                            wanted.rate(),
                            wanted.bitrate(),
                            wanted.sampling(),
                            wanted.pictures());
                }

                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    HostSurface all = frame.host();
                    right.encode(Pixels.on(new HostSurface(all.format(), smaller, all.planes()), frame), forceKeyFrame);
                }
            };
        }
    },
    ONE_PICTURE_LATE("every_frame_gives_its_access_unit_before_encode_returns") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                private @Nullable AccessUnit held;

                @Override
                void accept(AccessUnit unit) {
                    AccessUnit due = held;
                    held = copy(unit);
                    if (due != null) {
                        sink.accept(due);
                    }
                }
            };
        }
    },
    A_SEQUENCE_OF_ITS_OWN("every_frame_gives_its_access_unit_before_encode_returns") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                private long next = 1;

                @Override
                void accept(AccessUnit unit) {
                    sink.accept(with(unit, unit.data(), unit.keyFrame(), next++, unit.stamps()));
                }
            };
        }
    },
    UNITS_FROM_ANOTHER_THREAD("every_frame_gives_its_access_unit_before_encode_returns") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                void accept(AccessUnit unit) {
                    CompletableFuture.runAsync(() -> sink.accept(unit)).join();
                }
            };
        }
    },
    KEEPS_EVERY_FRAME("every_frame_gives_its_access_unit_before_encode_returns") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    Kept.forEver(frame.retain());
                    right.encode(frame, forceKeyFrame);
                }
            };
        }
    },
    STAMPS_OF_THE_FIRST_PICTURE("stamps_are_kept_and_added_in_order") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                private @Nullable StageStamps first;

                @Override
                void accept(AccessUnit unit) {
                    first = first == null ? unit.stamps() : first;
                    sink.accept(with(unit, unit.data(), unit.keyFrame(), unit.sequence(), first));
                }
            };
        }
    },
    NO_KEY_FRAME_WHEN_ASKED("the_first_unit_is_a_key_frame_and_no_other_unless_asked_for") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    right.encode(frame, false);
                }
            };
        }
    },
    SAYS_THAT_ALL_ARE_KEY_FRAMES("the_first_unit_is_a_key_frame_and_no_other_unless_asked_for") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                void accept(AccessUnit unit) {
                    sink.accept(with(unit, unit.data(), true, unit.sequence(), unit.stamps()));
                }
            };
        }
    },
    FROZEN_AFTER_200("every_one_of_many_frames_comes_back_with_number_and_checksum") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                private @Nullable AccessUnit key;

                @Override
                void accept(AccessUnit unit) {
                    AccessUnit first = key == null ? copy(unit) : key;
                    key = first;
                    boolean frozen = unit.sequence() > 200;
                    sink.accept(frozen ? with(first, first.data(), true, unit.sequence(), unit.stamps()) : unit);
                }
            };
        }
    },
    TWICE_THE_RATE("the_rate_is_kept_and_another_comes_into_force_while_pictures_go_on") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new AtAnotherRate(encoder, spec, sink, 2);
        }
    },
    A_QUARTER_OF_THE_RATE("the_rate_is_kept_and_another_comes_into_force_while_pictures_go_on") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new AtAnotherRate(encoder, spec, sink, 0.25);
        }
    },
    KEEPS_ITS_FIRST_RATE("the_rate_is_kept_and_another_comes_into_force_while_pictures_go_on") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                public Bitrate retarget(Bitrate target) {
                    return target;
                }
            };
        }
    },
    SIXTY_MILLISECONDS_A_PICTURE("it_keeps_up_with_the_rate") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    Clock.system().sleep(Duration.ofMillis(60));
                    right.encode(frame, forceKeyFrame);
                }
            };
        }
    },
    LEAKS_MEMORY_BY_THE_STREAM("opening_and_closing_leaves_nothing_behind") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            Kept.nativeMemory(1 << 20);
            return new EncoderCopy(encoder, spec, sink);
        }
    },
    LEAKS_A_THREAD_BY_THE_STREAM("opening_and_closing_leaves_nothing_behind") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            Kept.thread();
            return new EncoderCopy(encoder, spec, sink);
        }
    },
    LEAKS_A_FILE_BY_THE_STREAM("opening_and_closing_leaves_nothing_behind") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            Kept.file();
            return new EncoderCopy(encoder, spec, sink);
        }
    },
    LEAKS_MEMORY_BY_THE_PICTURE("pictures_leave_nothing_behind") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    Kept.nativeMemory(128 << 10);
                    right.encode(frame, forceKeyFrame);
                }
            };
        }
    },
    LEAKS_OBJECTS_BY_THE_PICTURE("pictures_leave_nothing_behind") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    Kept.forEver(new byte[64 << 10]);
                    right.encode(frame, forceKeyFrame);
                }
            };
        }
    },
    ONE_OPEN_AT_A_TIME("streams_that_are_opened_at_once_are_each_their_own") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, OneAtATime.through(spec, EncodeSpec.class), sink);
        }
    },
    NO_RETARGET_WHILE_IT_ENCODES("another_rate_may_be_asked_for_while_a_picture_is_encoded") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                private volatile boolean encoding;
                private volatile boolean broken;

                @Override
                public void encode(Frame frame, boolean forceKeyFrame) {
                    if (broken) {
                        throw new StreamException(EncodeError.DEVICE_LOST, "the codec's state is torn");
                    }
                    encoding = true;
                    right.encode(frame, forceKeyFrame);
                    encoding = false;
                }

                @Override
                public Bitrate retarget(Bitrate target) {
                    broken |= encoding;
                    return right.retarget(target);
                }
            };
        }
    },
    THROWS_AT_LOST_UNITS("to_be_told_of_lost_units_changes_nothing_for_who_has_them") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                public void lost(long firstSequence, long lastSequence) {
                    throw new UnsupportedOperationException("lost");
                }
            };
        }
    },
    THROWS_AT_THE_SECOND_CLOSE("close_is_idempotent_and_a_closed_session_says_so") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
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
    CLOSES_UNDER_A_LENT_UNIT("close_from_another_thread_waits_for_a_running_encode") {
        @Override
        EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            return new EncoderCopy(encoder, spec, sink) {
                @Override
                public void close() {
                    Thread.ofPlatform().start(right::close);
                }
            };
        }
    };

    private final String refusedBy;

    WrongEncoder(String refusedBy) {
        this.refusedBy = refusedBy;
    }

    String refusedBy() {
        return refusedBy;
    }

    abstract EncoderSession open(Encoder encoder, EncodeSpec spec, AccessUnitSink sink);

    /** Hands the right encoder another picture. */
    abstract static class Repainting extends EncoderCopy {

        Repainting(Encoder encoder, EncodeSpec spec, AccessUnitSink sink) {
            super(encoder, spec, sink);
        }

        abstract Frame repaint(Frame frame);

        @Override
        public void encode(Frame frame, boolean forceKeyFrame) {
            right.encode(repaint(frame), forceKeyFrame);
        }
    }

    /** Takes the rate that it is asked for times something. */
    private static final class AtAnotherRate extends EncoderCopy {

        private final double factor;

        AtAnotherRate(Encoder encoder, EncodeSpec spec, AccessUnitSink sink, double factor) {
            super(encoder, spec, sink);
            this.factor = factor;
            right.retarget(times(spec.bitrate()));
        }

        private Bitrate times(Bitrate rate) {
            return new Bitrate((long) (rate.bitsPerSecond() * factor));
        }

        @Override
        public Bitrate retarget(Bitrate target) {
            right.retarget(times(target));
            return target;
        }
    }
}
