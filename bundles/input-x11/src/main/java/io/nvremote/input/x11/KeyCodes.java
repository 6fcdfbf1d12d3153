// SPDX-License-Identifier: Apache-2.0
package io.nvremote.input.x11;

/**
 * From USB HID usages (page 7, HID Usage Tables 1.5 section 10) to X keycodes. X servers on Linux number keys as the
 * kernel's input layer does, plus 8 (X's keycodes begin there); the server's layout says what a key means.
 */
final class KeyCodes {

    private static final int FIRST_USAGE = 0x04;
    private static final int FIRST_MODIFIER = 0xE0;
    private static final int OFFSET = 8;

    /** Linux key codes of usages 0x04 to 0x94; 0 where the kernel knows none. */
    private static final int[] KEYS = {
        30,
        48,
        46,
        32,
        18,
        33,
        34,
        35,
        23,
        36,
        37,
        38,
        50,
        49,
        24,
        25,
        16,
        19,
        31,
        20,
        22,
        47,
        17,
        45,
        21,
        44, // a-z
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11, // 1-9, 0
        28,
        1,
        14,
        15,
        57,
        12,
        13,
        26,
        27,
        43,
        43,
        39,
        40,
        41,
        51,
        52,
        53,
        58, // Enter to Caps Lock
        59,
        60,
        61,
        62,
        63,
        64,
        65,
        66,
        67,
        68,
        87,
        88, // F1-F12
        99,
        70,
        119,
        110,
        102,
        104,
        111,
        107,
        109,
        106,
        105,
        108,
        103, // Print Screen to Up
        69,
        98,
        55,
        74,
        78,
        96,
        79,
        80,
        81,
        75,
        76,
        77,
        71,
        72,
        73,
        82,
        83, // keypad
        86,
        127,
        116,
        117, // non-US backslash, Menu, Power, keypad =
        183,
        184,
        185,
        186,
        187,
        188,
        189,
        190,
        191,
        192,
        193,
        194, // F13-F24
        134,
        138,
        130,
        132,
        128,
        129,
        131,
        137,
        133,
        135,
        136,
        113,
        115,
        114, // Execute to Volume Down
        0,
        0,
        0,
        121,
        0,
        89,
        93,
        124,
        92,
        94,
        95,
        0,
        0,
        0,
        122,
        123,
        90,
        91,
        85 // keypad comma, international, languages
    };

    /** Left Control, Shift, Alt, Meta, then the right ones. */
    private static final int[] MODIFIERS = {29, 42, 56, 125, 97, 54, 100, 126};

    private KeyCodes() {}

    /** The X keycode of a usage, or 0 if there is none. */
    static int ofUsage(int usage) {
        int key = 0;
        if (usage >= FIRST_USAGE && usage < FIRST_USAGE + KEYS.length) {
            key = KEYS[usage - FIRST_USAGE];
        } else if (usage >= FIRST_MODIFIER && usage < FIRST_MODIFIER + MODIFIERS.length) {
            key = MODIFIERS[usage - FIRST_MODIFIER];
        }
        return key == 0 ? 0 : key + OFFSET;
    }
}
