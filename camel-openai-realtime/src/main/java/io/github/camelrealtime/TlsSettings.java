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

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustAllTrustManager;
import org.apache.camel.support.jsse.TrustManagersParameters;

/**
 * What Camel's {@link SSLContextParameters} say, in the JDK's terms. Names of hosts are verified whatever they say.
 *
 * @param context      for the sockets, with the client's own certificate if there is one
 * @param trustManager the one the context was made with
 */
record TlsSettings(SSLContext context, X509TrustManager trustManager) {

    /**
     * @throws IllegalArgumentException naming option {@code sslContextParameters}, if they cannot be used or trust everybody
     */
    static TlsSettings of(SSLContextParameters parameters, CamelContext camel) {
        try {
            SSLContext context = parameters.createSSLContext(camel);
            return new TlsSettings(context, trustManager(parameters.getTrustManagers()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("Option sslContextParameters cannot be used: " + e.getMessage()
                                               + "; check its key stores and their passwords",
                    e);
        }
    }

    private static X509TrustManager trustManager(TrustManagersParameters parameters) throws GeneralSecurityException, IOException {
        TrustManager[] own = parameters == null ? null : parameters.createTrustManagers();
        for (TrustManager manager : own == null ? new TrustManager[0] : own) {
            if (manager instanceof TrustAllTrustManager) {
                throw new IllegalArgumentException("Option sslContextParameters trusts every certificate, so that the key could go to "
                                                   + "anybody: name the private authority in a trust store instead");
            }
        }
        TrustManagerFactory platform = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        platform.init((KeyStore) null);
        return Arrays.stream(own == null || own.length == 0 ? platform.getTrustManagers() : own)
                .filter(X509TrustManager.class::isInstance).map(X509TrustManager.class::cast).findFirst()
                .orElseThrow(() -> new GeneralSecurityException("it has no trust manager for X.509 certificates"));
    }
}
