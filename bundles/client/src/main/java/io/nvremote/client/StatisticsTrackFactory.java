// SPDX-License-Identifier: Apache-2.0
package io.nvremote.client;

import io.nvremote.viewer.TrackContext;
import io.nvremote.viewer.ViewerTrack;
import io.nvremote.viewer.ViewerTrackFactory;
import org.osgi.service.component.annotations.Component;

/** Opens what the host says of its stream. */
@Component(property = ViewerTrackFactory.NAME + "=statistics")
public final class StatisticsTrackFactory implements ViewerTrackFactory {

    @Override
    public ViewerTrack open(TrackContext context) {
        return new StatisticsTrack(context);
    }
}
