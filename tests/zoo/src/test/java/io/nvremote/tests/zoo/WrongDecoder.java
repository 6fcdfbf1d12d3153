// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.core.Clock;
import io.nvremote.decode.Decoder;
import io.nvremote.decode.DecoderSession;
import io.nvremote.media.AccessUnit;
import io.nvremote.media.Codec;
import io.nvremote.media.Frame;
import io.nvremote.media.FrameSink;
import io.nvremote.media.HostSurface;
import io.nvremote.media.Size;
import io.nvremote.media.StageStamps;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Decoders that are right but for one thing, and the test of {@link io.nvremote.tck.DecoderContract} that sees it. */
enum WrongDecoder {
    WITHOUT_COLOUR("colours_come_back_in_every_size") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                void accept(Frame frame) {
                    sink.accept(Pixels.withoutChroma(frame));
                }
            };
        }
    },
    CHROMA_PLANES_SWAPPED("colours_come_back_in_every_size") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                void accept(Frame frame) {
                    sink.accept(Pixels.chromaSwapped(frame));
                }
            };
        }
    },
    OF_WHOLE_MACROBLOCKS_ONLY("colours_come_back_in_every_size") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                void accept(Frame frame) {
                    HostSurface all = frame.host();
                    Size smaller = new Size(all.size().width() & ~15, all.size().height() & ~15);
                    sink.accept(Pixels.on(new HostSurface(all.format(), smaller, all.planes()), frame));
                }
            };
        }
    },
    ONE_PICTURE_LATE("every_unit_gives_its_picture_before_decode_returns") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                private @Nullable Frame held;

                @Override
                void accept(Frame frame) {
                    Frame due = held;
                    held = Pixels.on(Pixels.copy(frame.host(), null), frame);
                    if (due != null) {
                        sink.accept(due);
                    }
                }
            };
        }
    },
    A_SEQUENCE_OF_ITS_OWN("every_unit_gives_its_picture_before_decode_returns") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                private long next = 1;

                @Override
                void accept(Frame frame) {
                    sink.accept(Pixels.with(frame, next++, frame.stamps(), null));
                }
            };
        }
    },
    STAMPS_OF_ITS_OWN("every_unit_gives_its_picture_before_decode_returns") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                void accept(Frame frame) {
                    sink.accept(Pixels.with(frame, frame.sequence(), StageStamps.captured(1, 2), null));
                }
            };
        }
    },
    PICTURES_FROM_ANOTHER_THREAD("every_unit_gives_its_picture_before_decode_returns") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                void accept(Frame frame) {
                    CompletableFuture.runAsync(() -> sink.accept(frame)).join();
                }
            };
        }
    },
    EATS_THE_UNIT("every_unit_gives_its_picture_before_decode_returns") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                public Decoded decode(AccessUnit unit) {
                    Decoded decoded = right.decode(unit);
                    unit.data().position(unit.data().limit());
                    return decoded;
                }
            };
        }
    },
    SHOWS_THE_LAST_PICTURE_FOR_A_LOST_ONE("a_unit_that_never_came_is_noticed_and_no_wrong_picture_is_shown") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                private @Nullable Frame last;

                @Override
                void accept(Frame frame) {
                    last = Pixels.on(Pixels.copy(frame.host(), null), frame);
                    sink.accept(frame);
                }

                @Override
                public Decoded decode(AccessUnit unit) {
                    if (right.decode(unit) == Decoded.NEED_KEY_FRAME && last != null) {
                        sink.accept(last);
                    }
                    return Decoded.PICTURE;
                }
            };
        }
    },
    DRAWS_OVER_WHAT_IS_RETAINED("a_retained_picture_keeps_its_content_also_after_close") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                private @Nullable HostSurface picture;

                @Override
                void accept(Frame frame) {
                    picture = Pixels.copy(frame.host(), picture);
                    sink.accept(Pixels.on(picture, frame));
                }
            };
        }
    },
    SIXTY_MILLISECONDS_A_PICTURE("it_keeps_up_with_sixty_pictures_in_a_second") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                void accept(Frame frame) {
                    Clock.system().sleep(Duration.ofMillis(60));
                    sink.accept(frame);
                }
            };
        }
    },
    LEAKS_MEMORY_BY_THE_STREAM("opening_and_closing_leaves_nothing_behind") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            Kept.nativeMemory(1 << 20);
            return new DecoderCopy(decoder, codec, sink);
        }
    },
    LEAKS_MEMORY_BY_THE_PICTURE("pictures_leave_nothing_behind") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                void accept(Frame frame) {
                    Kept.nativeMemory(256 << 10);
                    sink.accept(frame);
                }
            };
        }
    },
    ENDS_WHEN_A_SINK_THROWS("a_sink_that_throws_does_not_break_the_session") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                private boolean broken;

                @Override
                public Decoded decode(AccessUnit unit) {
                    if (broken) {
                        return Decoded.NEED_KEY_FRAME;
                    }
                    broken = true;
                    Decoded decoded = right.decode(unit);
                    broken = false;
                    return decoded;
                }
            };
        }
    },
    THROWS_AT_THE_SECOND_CLOSE("close_is_idempotent_and_a_closed_session_says_so") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
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
    CLOSES_UNDER_A_LENT_PICTURE("close_from_another_thread_waits_for_a_running_decode") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            return new DecoderCopy(decoder, codec, sink) {
                @Override
                public void close() {
                    Thread.ofPlatform().start(right::close);
                }
            };
        }
    },
    ONE_OPEN_AT_A_TIME("streams_that_are_opened_at_once_are_each_their_own") {
        @Override
        DecoderSession open(Decoder decoder, Codec codec, FrameSink sink) {
            OneAtATime.alone();
            return new DecoderCopy(decoder, codec, sink);
        }
    };

    private final String refusedBy;

    WrongDecoder(String refusedBy) {
        this.refusedBy = refusedBy;
    }

    String refusedBy() {
        return refusedBy;
    }

    abstract DecoderSession open(Decoder decoder, Codec codec, FrameSink sink);
}
