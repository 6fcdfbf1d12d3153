// SPDX-License-Identifier: Apache-2.0
package io.nvremote.testcard;

/**
 * What a test card says. Immutable.
 *
 * @param number of the picture; the low 32 bits of its frame's sequence
 * @param keyUsage USB HID usage id (page 7) of the last key that went down, 0 before the first
 * @param keyCount how many keys went down so far, modulo 65536
 * @param pointerX place of the pointer in 1/65535 of the width
 * @param pointerY place of the pointer in 1/65535 of the height
 */
public record TestcardMark(int number, int keyUsage, int keyCount, int pointerX, int pointerY) {

    public TestcardMark {
        if (((keyUsage | keyCount | pointerX | pointerY) & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("key usage, key count and pointer are 16 bits each: " + keyUsage + " "
                    + keyCount + " " + pointerX + " " + pointerY);
        }
    }
}
