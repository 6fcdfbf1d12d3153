// SPDX-License-Identifier: Apache-2.0
package io.nvremote.rest.front;

import io.nvremote.rest.JsonForm;
import org.osgi.service.component.annotations.Component;

/** The JSON of bodies, for those who answer without JAX-RS. */
@Component
public final class JacksonForm implements JsonForm {

    @Override
    public byte[] bytes(Record body) {
        return Json.bytes(body);
    }
}
