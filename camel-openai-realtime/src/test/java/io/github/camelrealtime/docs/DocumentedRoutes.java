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
package io.github.camelrealtime.docs;

import org.apache.camel.builder.RouteBuilder;

/** What the Java snippets of the guide are made into; it has what they take for granted. */
public abstract class DocumentedRoutes extends RouteBuilder {

    /** Stands for Azure's library. */
    protected final Credential credential = new Credential();

    /** As Azure's {@code DefaultAzureCredential}. */
    public static final class Credential {

        public Token getTokenSync(TokenRequestContext request) {
            return new Token("token of " + request);
        }
    }

    /** As Azure's. */
    public static final class TokenRequestContext {

        private String scopes = "";

        public TokenRequestContext addScopes(String scope) {
            scopes += scope;
            return this;
        }

        @Override
        public String toString() {
            return scopes;
        }
    }

    /** As Azure's {@code AccessToken}. */
    public record Token(String getToken) {
    }
}
