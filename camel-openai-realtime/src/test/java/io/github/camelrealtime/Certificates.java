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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLSocketFactory;

import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;

/** A private authority, what it has signed, and Camel's parameters for it, by key stores in files as users have them. */
final class Certificates {

    static final String CLIENT = "camel-client";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final HeldCertificate authority
            = new HeldCertificate.Builder().certificateAuthority(0).commonName("Office CA").build();

    /** A server's end: its certificate is for these names; it knows the authority, so it can ask for clients' certificates. */
    SSLSocketFactory server(String... names) {
        HeldCertificate.Builder builder = new HeldCertificate.Builder().signedBy(authority);
        for (String name : names) {
            builder.addSubjectAlternativeName(name);
        }
        return new HandshakeCertificates.Builder().heldCertificate(builder.build())
                .addTrustedCertificate(authority.certificate()).build().sslSocketFactory();
    }

    /** Trust in the authority, and nothing to show. */
    SSLContextParameters trust(Path folder) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setCertificateEntry("authority", authority.certificate());
        TrustManagersParameters trust = new TrustManagersParameters();
        trust.setKeyStore(parameters(store, folder.resolve("trust.p12")));
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        return parameters;
    }

    /** Trust in the authority, and a certificate of the client's own. */
    SSLContextParameters trustAndKey(Path folder) throws GeneralSecurityException, IOException {
        HeldCertificate client = new HeldCertificate.Builder().signedBy(authority).commonName(CLIENT).build();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        store.setKeyEntry("client", client.keyPair().getPrivate(), PASSWORD,
                new X509Certificate[] { client.certificate(), authority.certificate() });
        KeyManagersParameters keys = new KeyManagersParameters();
        keys.setKeyStore(parameters(store, folder.resolve("client.p12")));
        keys.setKeyPassword(new String(PASSWORD));
        SSLContextParameters parameters = trust(folder);
        parameters.setKeyManagers(keys);
        return parameters;
    }

    private static KeyStoreParameters parameters(KeyStore store, Path file) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        KeyStoreParameters parameters = new KeyStoreParameters();
        parameters.setType("PKCS12");
        parameters.setResource("file:" + file);
        parameters.setPassword(new String(PASSWORD));
        return parameters;
    }
}
