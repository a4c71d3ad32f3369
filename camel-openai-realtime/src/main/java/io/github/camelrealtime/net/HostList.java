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
package io.github.camelrealtime.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of hosts, matched without looking them up: exact ones, and {@code *.example.com} for everything below
 * {@code example.com}. Thread-safe.
 */
public final class HostList {

    /** A label has no dot, so that the asterisk can only stand for whole ones. */
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile("(?:\\*\\.)?" + LABEL + "(?:\\." + LABEL + ")*");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");

    private final List<String> names;

    private HostList(List<String> names) {
        this.names = names;
    }

    public static HostList of(String... names) {
        return new HostList(List.of(names));
    }

    /**
     * Reads names separated by commas.
     *
     * @param  option                   for the error text
     * @param  text                     {@code null} and blank for none
     * @throws IllegalArgumentException naming the option, if one of them is not the name of a host
     */
    public static HostList parse(String option, String text) {
        List<String> names = new ArrayList<>();
        for (String part : text == null || text.isBlank() ? new String[0] : text.split(",")) {
            String name = part.strip().toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches() || name.startsWith("*.") && name.indexOf('.', 2) < 0) {
                throw new IllegalArgumentException(
                        "Option " + option + ": names of hosts are expected, separated by commas, without scheme, port and "
                                                   + "path; *.example.com stands for all below example.com, an asterisk may stand "
                                                   + "nowhere else");
            }
            names.add(name);
        }
        return new HostList(List.copyOf(names));
    }

    /** Whether the host is one of these. */
    public boolean contains(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return names.stream().anyMatch(
                entry -> entry.startsWith("*.") ? name.endsWith(entry.substring(1)) && name.length() > entry.length() - 1
                        : name.equals(entry));
    }

    /** Whether that is this machine, by an address written as such or by {@code localhost}; nothing is looked up. */
    public static boolean isLoopback(String host) {
        if ("localhost".equals(host)) {
            return true;
        }
        boolean literal = host.startsWith("[") || NUMERIC.matcher(host).matches();
        try {
            return literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return String.join(", ", names);
    }
}
