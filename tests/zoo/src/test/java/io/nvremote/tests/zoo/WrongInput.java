// SPDX-License-Identifier: Apache-2.0
package io.nvremote.tests.zoo;

import io.nvremote.input.InputEvent;
import io.nvremote.input.InputSession;
import io.nvremote.tck.InputSinkContract.Told;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Inputs that are right but for one thing, and the test of {@link io.nvremote.tck.InputSinkContract} that sees it. */
enum WrongInput {
    ONE_EVENT_LATE("keys_and_buttons_arrive_in_order_and_each_before_the_next_is_sent") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                private @Nullable Told held;

                @Override
                void tell(Told told) {
                    Told due = held;
                    held = told;
                    if (due != null) {
                        super.tell(due);
                    }
                }
            };
        }
    },
    LOSES_BUTTONS("keys_and_buttons_arrive_in_order_and_each_before_the_next_is_sent") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                @Override
                void button(int number, boolean down) {}
            };
        }
    },
    REPEATS_MODIFIERS("keys_and_buttons_arrive_in_order_and_each_before_the_next_is_sent") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                @Override
                void key(int usage, boolean down) {
                    if (usage >= 0xE0) {
                        tell(new Told(true, usage, down));
                    } else {
                        super.key(usage, down);
                    }
                }
            };
        }
    },
    LEAVES_KEYS_DOWN_AT_CLOSE("what_is_held_goes_up_at_close") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                private boolean closing;

                @Override
                void releaseAll() {
                    if (!closing) {
                        super.releaseAll();
                    }
                }

                @Override
                public synchronized void close() {
                    closing = true;
                    super.close();
                }
            };
        }
    },
    RELEASES_KEYS_BUT_NO_BUTTONS("what_is_held_goes_up_when_all_is_released") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                @Override
                void tell(Told told) {
                    if (told.key() || told.down()) {
                        super.tell(told);
                    }
                }
            };
        }
    },
    THROWS_AT_UNKNOWN_KEYS("what_is_unknown_or_out_of_range_is_ignored") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                @Override
                void key(int usage, boolean down) {
                    if (usage > 0xE7) {
                        throw new IllegalArgumentException("no key " + usage);
                    }
                    super.key(usage, down);
                }
            };
        }
    },
    THROWS_AT_TEXT("every_kind_of_event_is_taken") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                @Override
                void text(String text) {
                    throw new UnsupportedOperationException("text");
                }
            };
        }
    },
    THROWS_AT_THE_SECOND_CLOSE("close_is_idempotent_and_a_closed_session_says_so") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                private boolean closed;

                @Override
                public synchronized void close() {
                    if (closed) {
                        throw new IllegalStateException("closed twice");
                    }
                    closed = true;
                    super.close();
                }
            };
        }
    },
    TAKES_EVENTS_WHEN_IT_IS_CLOSED("close_from_another_thread_is_noticed") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                @Override
                public synchronized void close() {
                    releaseAll();
                }
            };
        }
    },
    ONE_OPEN_AT_A_TIME("sessions_that_are_opened_at_once_are_each_their_own") {
        @Override
        InputSession open(Queue<Told> screen) {
            OneAtATime.alone();
            return new RecordingInput(screen);
        }
    },
    LEAKS_MEMORY_BY_THE_SESSION("opening_and_closing_leaves_nothing_behind") {
        @Override
        InputSession open(Queue<Told> screen) {
            Kept.nativeMemory(1 << 20);
            return new RecordingInput(screen);
        }
    },
    LEAKS_OBJECTS_BY_THE_EVENT("events_leave_nothing_behind") {
        @Override
        InputSession open(Queue<Told> screen) {
            return new RecordingInput(screen) {
                @Override
                public synchronized void inject(InputEvent event) {
                    Kept.forEver(new byte[8 << 10]);
                    super.inject(event);
                }
            };
        }
    };

    private final String refusedBy;

    WrongInput(String refusedBy) {
        this.refusedBy = refusedBy;
    }

    String refusedBy() {
        return refusedBy;
    }

    abstract InputSession open(Queue<Told> screen);
}
