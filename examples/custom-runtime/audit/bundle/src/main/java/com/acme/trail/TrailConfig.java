// SPDX-License-Identifier: Apache-2.0
package com.acme.trail;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration {@code com.acme.trail}. */
@ObjectClassDefinition(name = "Audit log in a file")
@interface TrailConfig {

    @AttributeDefinition(description = "The file that each event is added to, as a line.")
    String file();
}
