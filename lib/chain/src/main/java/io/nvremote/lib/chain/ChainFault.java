// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.chain;

/**
 * The first thing in a file of audit records that does not fit.
 *
 * @param line where, from 1; the line behind the last one if something is missing there
 * @param sequence number of the record that it is about; 0 if it is about none, or has no number that can be read
 * @param message one sentence for whoever reads the file
 */
public record ChainFault(Kind kind, long line, long sequence, String message) {

    /** What can be wrong. */
    public enum Kind {
        /** A line is no record in the form in which records are written. */
        UNREADABLE,
        /** A record's hash does not fit its content. */
        ALTERED,
        /** A record does not name the hash of the one before it: one of both was put in the place of another. */
        NOT_LINKED,
        /** Records are missing in the middle. */
        GAP,
        /** Records stand in another order, or more than once. */
        ORDER,
        /** A record is of another organisation than those before it. */
        OTHER_CHAIN,
        /** The head tells of records before the file's first one. */
        CUT_AT_START,
        /** The last line is no head, has no end, or tells of records behind the file's last one. */
        CUT_AT_END,
        /** Something stands behind the head. */
        BEHIND_HEAD,
        /** The head does not tell of these records. */
        HEAD_ALTERED,
        /** The head has no signature. */
        UNSIGNED,
        /** The head was signed by another key than the one that is given. */
        OTHER_KEY,
        /** The signature is not of this head. */
        SIGNATURE_WRONG
    }
}
