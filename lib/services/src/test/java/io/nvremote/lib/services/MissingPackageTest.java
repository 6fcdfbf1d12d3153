// SPDX-License-Identifier: Apache-2.0
package io.nvremote.lib.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MissingPackageTest {

    private static String explained(String reason, String... exported) {
        return MissingPackage.explain(reason, name -> new TreeSet<>(List.of(exported)));
    }

    @Test
    void a_filter_becomes_a_sentence_with_what_there_is_instead() {
        String range = "Unable to resolve a [50](R 50.0): missing requirement [a [50](R 50.0)] osgi.wiring.package;"
                + " (&(osgi.wiring.package=com.acme.absent)(version>=7.0.0)(!(version>=8.0.0)))"
                + " Unresolved requirements: [[a [50](R 50.0)] osgi.wiring.package;"
                + " (&(osgi.wiring.package=com.acme.other)(version>=1.0.0))]";
        assertThat(explained(range)).isEqualTo("needs package com.acme.absent [7.0.0,8.0.0); this runtime has none");
        assertThat(explained(range, "6.1.0")).endsWith("this runtime has 6.1.0");
        assertThat(explained("missing requirement (&(osgi.wiring.package=b)(version>=1.2.0))"))
                .isEqualTo("needs package b 1.2.0 or newer; this runtime has none");
        assertThat(explained("missing requirement (osgi.wiring.package=b)")).startsWith("needs package b; ");
    }

    @Test
    void the_deepest_reason_is_the_one_that_counts() {
        assertThat(explained("(osgi.wiring.package=outer) [caused by: missing (osgi.wiring.package=inner)]"))
                .startsWith("needs package inner;");
    }

    @Test
    void what_is_about_something_else_stays_as_it_was() {
        assertThat(explained("missing requirement osgi.ee; (osgi.ee=JavaSE)"))
                .isEqualTo("missing requirement osgi.ee; (osgi.ee=JavaSE)");
    }
}
