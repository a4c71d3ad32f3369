/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.camelrealtime;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.RouteController;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a route whose session is lost to the route controller. */
final class FailedRoute {

    private static final Logger LOG = LoggerFactory.getLogger(FailedRoute.class);

    private FailedRoute() {
    }

    /**
     * Stops the route, marked as failed with its cause. A supervising controller takes a route that was stopped for one that is
     * not its business any more; one that cannot be started is, so there the route is started at once. Waits for the route to be
     * empty: not to be called on a thread of the route.
     */
    static void stop(CamelContext context, String routeId, Exception cause) {
        RouteController controller = context.getRouteController();
        try {
            LOG.warn("Route {} is stopped, as its session has failed: {}", routeId, cause.getMessage());
            controller.stopRoute(routeId, cause);
            if (controller.isSupervising()) {
                controller.startRoute(routeId);
            }
        } catch (Exception e) {
            LOG.debug("Route {} is left to the route controller", routeId, e);
        }
    }
}
