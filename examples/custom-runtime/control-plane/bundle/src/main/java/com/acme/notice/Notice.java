// SPDX-License-Identifier: Apache-2.0
package com.acme.notice;

/** A text, as it goes over the wire. */
public record Notice(String text) {}
