// SPDX-License-Identifier: Apache-2.0
package io.nvremote.keys.file;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the keys of a control plane are kept. */
@ObjectClassDefinition(name = "Keys of the control plane")
public @interface FolderKeysConfig {

    String PID = "io.nvremote.keys.file.shared";

    @AttributeDefinition(
            description =
                    "Folder for the token signing key and the relay ticket key; made owner-only, and the keys at first start.")
    String folder();
}
