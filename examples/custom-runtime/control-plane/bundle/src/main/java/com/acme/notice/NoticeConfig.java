// SPDX-License-Identifier: Apache-2.0
package com.acme.notice;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration {@code com.acme.notice}. What is described here is what {@code --check} knows. */
@ObjectClassDefinition(name = "Notices")
@interface NoticeConfig {

    @AttributeDefinition(description = "What everybody is greeted with, signed in or not.")
    String greeting() default "Welcome";
}
