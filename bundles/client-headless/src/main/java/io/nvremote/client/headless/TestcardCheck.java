// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client.headless;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvremote.media.Frame;
import io.nvremote.testcard.TestcardMark;
import io.nvremote.testcard.TestcardReader;
import java.util.Optional;

/** Reads number, checksum, keys and pointer back out of every picture of the test card. */
final class TestcardCheck implements PictureCheck {

    /** Keys between two pictures that were read. */
    private static final int MOST_AT_ONCE = 1000;

    private long verified;
    private long unreadable;
    private long wrongNumber;
    private int typed;
    private int seen;
    private int replaced;
    private int lastCount = -1;
    /** Keys on their way when another card came into place, or first showed one: the card before may have had them, of which no picture came. */
    private int unseeable;
    /** The card in place has not shown a key yet: the one before may still be the one that takes them. */
    private boolean justReplaced;

    @Override
    public synchronized void picture(Frame frame) {
        Optional<TestcardMark> read = TestcardReader.read(frame.host());
        if (read.isEmpty()) {
            unreadable++;
            return;
        }
        TestcardMark mark = read.get();
        if (mark.number() != (int) frame.sequence()) {
            wrongNumber++;
            return;
        }
        verified++;
        if (lastCount >= 0) {
            int more = (mark.keyCount() - lastCount) & 0xFFFF;
            boolean another = more > MOST_AT_ONCE; // It counts from zero.
            count(another ? mark.keyCount() : more, another);
        }
        lastCount = mark.keyCount();
    }

    private void count(int more, boolean another) {
        replaced += another ? 1 : 0;
        justReplaced |= another;
        seen += more;
        if (justReplaced && (more > 0 || another)) {
            unseeable = Math.max(unseeable, typed - seen);
            justReplaced = more == 0;
        }
    }

    @Override
    public synchronized void typed() {
        typed++;
    }

    @Override
    public synchronized void report(ObjectNode out, ArrayNode problems) {
        out.put("verified", verified);
        out.put("unreadable", unreadable);
        out.put("wrong_number", wrongNumber);
        out.put("keys_typed", typed);
        out.put("keys_seen", seen);
        out.put("cards_replaced", replaced);
        if (verified == 0) {
            problems.add("no picture of the test card was read back");
        }
        if (unreadable + wrongNumber > 0) {
            problems.add((unreadable + wrongNumber) + " pictures were not the test card's");
        }
        int unseen = typed - seen;
        if (unseen < 0 || unseen > unseeable) {
            problems.add(typed + " keys were typed and " + seen + " were seen in the pictures");
        }
    }
}
