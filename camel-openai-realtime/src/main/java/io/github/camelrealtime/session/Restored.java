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
package io.github.camelrealtime.session;

/**
 * What a connection was told of the session so far.
 *
 * @param expected items that it should know
 * @param replayed items that it has acknowledged
 * @param context  whether the model knows what was said: {@code true}, {@code false} or {@code partial}
 */
record Restored(int expected, int replayed, String context) {

    /** There was nothing to tell, or nothing is told. */
    static final Restored NOTHING = new Restored(0, 0, "false");
}
