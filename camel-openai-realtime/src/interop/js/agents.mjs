// Holds one turn with the simulator through OpenAI's agents SDK over WebSocket and prints what it saw as one line of JSON.
// node agents.mjs text|audio|tool|interrupt   (URL, key and audio come in the environment)
import { readFileSync } from 'node:fs';
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents/realtime';
import { z } from 'zod';

const [scenario] = process.argv.slice(2);
const { INTEROP_BASE_URL, INTEROP_API_KEY, INTEROP_PCM } = process.env;

const seen = { client: 'agents', types: [], text: '', audioBytes: 0, userTranscript: null, tool: null, interrupted: 0, statuses: [], errors: [] };

const findTrain = tool({
  name: 'find_train',
  description: 'Find a train',
  parameters: z.object({ to: z.string() }),
  execute: async (input) => {
    seen.tool = { name: 'find_train', arguments: JSON.stringify(input) };
    return '{"train":"IC 540"}';
  },
});
const agent = new RealtimeAgent({ name: 'clerk', instructions: 'You book train tickets.', tools: scenario === 'tool' ? [findTrain] : [] });
const transport = new OpenAIRealtimeWebSocket({ url: INTEROP_BASE_URL.replace(/^http/, 'ws') + '/realtime?model=gpt-realtime-2.1' });
const session = new RealtimeSession(agent, {
  transport,
  model: 'gpt-realtime-2.1',
  tracingDisabled: true,
  config: {
    outputModalities: [scenario === 'text' || scenario === 'tool' ? 'text' : 'audio'],
    audio: { input: { transcription: { model: 'gpt-realtime-whisper' }, turnDetection: { type: 'server_vad', silenceDurationMs: 300 } } },
  },
});

function bytes(from, to) {
  const pcm = readFileSync(INTEROP_PCM).subarray(from, to);
  return pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.length);
}
function speak(seconds) {
  const end = seconds ? seconds * 48000 : readFileSync(INTEROP_PCM).length;
  for (let at = 0; at < end; at += 4800) {
    session.sendAudio(bytes(at, Math.min(at + 4800, end)));
  }
  if (!seconds) {
    session.sendAudio(new ArrayBuffer(48000));
  }
}
function finish() {
  session.close();
  console.log(JSON.stringify(seen));
  process.exit(seen.errors.length ? 1 : 0);
}

session.on('transport_event', (event) => {
  seen.types.push(event.type);
  if (event.type === 'response.output_text.delta' || event.type === 'response.output_audio_transcript.delta') {
    seen.text += event.delta;
  }
  if (event.type === 'conversation.item.input_audio_transcription.completed') {
    seen.userTranscript = event.transcript;
  }
  if (event.type === 'conversation.item.truncated') {
    seen.truncatedMs = event.audio_end_ms;
  }
  if (event.type === 'response.done') {
    seen.statuses.push(event.response.status);
    seen.reason = event.response.status_details?.reason;
  }
  if (event.type === 'error') {
    seen.errors.push(event.error.message);
  }
  const done = {
    text: () => seen.statuses.length === 1,
    audio: () => seen.statuses.length === 1 && seen.userTranscript !== null,
    tool: () => seen.statuses.length === 2,
    interrupt: () => seen.statuses.includes('cancelled') && seen.truncatedMs !== undefined,
  }[scenario];
  if (done()) setImmediate(finish);
});
let story = 0;
session.on('audio', (event) => {
  seen.audioBytes += event.data.byteLength;
  if (scenario === 'interrupt' && ++story === 3) {
    speak(2);
  }
});
session.on('audio_interrupted', () => { seen.interrupted++; });
session.on('error', (error) => {
  seen.errors.push(JSON.stringify(error.error?.message ?? error));
  finish();
});

await session.connect({ apiKey: INTEROP_API_KEY });
if (scenario === 'text') session.sendMessage('Hello there');
if (scenario === 'tool') session.sendMessage('When is the next train to Ghent?');
if (scenario === 'audio') speak();
if (scenario === 'interrupt') session.sendMessage('Tell me a long story');
