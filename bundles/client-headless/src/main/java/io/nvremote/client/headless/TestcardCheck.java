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
            seen += another ? mark.keyCount() : more;
            replaced += another ? 1 : 0;
        }
        lastCount = mark.keyCount();
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
        if (unseen < 0
                || unseen > replaced) { // What a card takes after its last picture nobody sees, if another takes its
            // place.
            problems.add(typed + " keys were typed and " + seen + " were seen in the pictures");
        }
    }
}
