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
package io.github.camelrealtime.audio;

import java.io.IOException;

/**
 * A sound file that is not what it should be: none at all, one we cannot read, or one that is cut short. The message says
 * what was found, what was expected and what to do; it never carries anything of the file but numbers of its header.
 */
public class AudioFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    public AudioFormatException(String message) {
        super(message);
    }
}
