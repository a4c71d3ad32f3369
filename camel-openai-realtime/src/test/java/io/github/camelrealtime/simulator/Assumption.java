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
package io.github.camelrealtime.simulator;

/**
 * What nobody outside knows of the service (API reference section 12), as switches: without one the simulator does what its
 * sentence begins with, with it the other thing. A client that works with both need not care which is true.
 */
public enum Assumption {

    /** An MCP approval is asked for and answered within the response; with this it ends the response, and approval begins another. */
    APPROVAL_ENDS_RESPONSE,
    /** As above, but after the approval nothing goes on before the client's {@code response.create}. */
    APPROVAL_NEEDS_RESPONSE_CREATE,
    /** {@code output_audio_buffer.clear} on a WebSocket is an error; with this it is ignored. */
    OUTPUT_BUFFER_CLEAR_IGNORED,
    /** Events about items and responses are errors in a transcription session; with this they are ignored. */
    CONVERSATION_EVENTS_IGNORED,
    /** The audio formats may change at any time; with this an update that changes one while a response runs is refused. */
    FORMAT_FIXED_WHILE_RESPONDING,
    /** A {@code call_id} has at most 32 characters; with this it may be longer. */
    CALL_ID_UNLIMITED,
    /** {@code max_output_tokens} ends at 4096; with this at the 32,000 that the 2.x models advertise. */
    OUTPUT_TOKENS_BY_MODEL,
    /** Out-of-band responses make no {@code conversation.item.*} events; with this they do. */
    OUT_OF_BAND_ITEMS_TOLD,
    /** An update of {@code turn_detection} changes the members it has; with this the others go back to their defaults. */
    TURN_DETECTION_REBUILT,
    /** Truncation deletes the item's transcript; with this the part that was heard stays. */
    TRUNCATION_KEEPS_HEARD_TRANSCRIPT
}
