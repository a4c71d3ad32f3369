// Holds one turn with the simulator through OpenAI's own JavaScript client and prints what it saw as one line of JSON.
// node openai.mjs text|audio|tool|interrupt   (URL, key, CA and audio come in the environment)
import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';

const [scenario] = process.argv.slice(2);
const { INTEROP_BASE_URL, INTEROP_API_KEY, INTEROP_CA, INTEROP_PCM } = process.env;

const client = new OpenAI({ apiKey: INTEROP_API_KEY, baseURL: INTEROP_BASE_URL });
const realtime = new OpenAIRealtimeWS(
  { model: 'gpt-realtime-2.1', options: INTEROP_CA ? { ca: readFileSync(INTEROP_CA) } : {} }, client);

const seen = { client: 'openai', types: [], text: '', audioBytes: 0, userTranscript: null, tool: null, statuses: [], errors: [] };

function finish() {
  realtime.close();
}

function speak(seconds) {
  const pcm = readFileSync(INTEROP_PCM);
  const end = seconds ? Math.min(pcm.length, seconds * 48000) : pcm.length;
  for (let at = 0; at < end; at += 4800) {
    realtime.send({ type: 'input_audio_buffer.append', audio: pcm.subarray(at, Math.min(at + 4800, end)).toString('base64') });
  }
  if (!seconds) {
    realtime.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(48000).toString('base64') });
  }
}

function ask(text) {
  realtime.send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  });
  realtime.send({ type: 'response.create' });
}

const audioSession = {
  type: 'realtime',
  audio: {
    input: {
      format: { type: 'audio/pcm', rate: 24000 },
      transcription: { model: 'gpt-realtime-whisper' },
      turn_detection: { type: 'server_vad', silence_duration_ms: 300 },
    },
    output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin' },
  },
};
const tools = [{
  type: 'function', name: 'find_train', description: 'Find a train',
  parameters: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
}];

realtime.on('session.created', () => {
  const session = {
    text: { type: 'realtime', output_modalities: ['text'] },
    tool: { type: 'realtime', output_modalities: ['text'], tools },
    audio: audioSession,
    interrupt: audioSession,
  }[scenario];
  realtime.send({ type: 'session.update', session });
});
let begun = false;
realtime.on('session.updated', () => {
  if (begun) return;
  begun = true;
  if (scenario === 'text') ask('Hello there');
  if (scenario === 'tool') ask('When is the next train to Ghent?');
  if (scenario === 'audio') speak();
  if (scenario === 'interrupt') ask('Tell me a long story');
});

realtime.on('event', (event) => seen.types.push(event.type));
realtime.on('response.output_text.delta', (event) => { seen.text += event.delta; });
realtime.on('response.output_audio_transcript.delta', (event) => { seen.text += event.delta; });
realtime.on('conversation.item.input_audio_transcription.completed', (event) => {
  seen.userTranscript = event.transcript;
  endOfAudioTurn();
});
let story = 0;
let itemId;
realtime.on('response.output_audio.delta', (event) => {
  seen.audioBytes += Buffer.from(event.delta, 'base64').length;
  itemId = event.item_id;
  if (scenario === 'interrupt' && ++story === 3) {
    speak(2);
  }
});
realtime.on('input_audio_buffer.speech_started', () => {
  if (scenario === 'interrupt') {
    realtime.send({ type: 'conversation.item.truncate', item_id: itemId, content_index: 0, audio_end_ms: 100 });
  }
});
realtime.on('conversation.item.truncated', (event) => {
  seen.truncatedMs = event.audio_end_ms;
  endOfInterruption();
});
realtime.on('response.function_call_arguments.done', (event) => {
  seen.tool = { name: event.name, arguments: event.arguments };
  realtime.send({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: event.call_id, output: '{"train":"IC 540"}' },
  });
});
let answered = false;
realtime.on('response.done', (event) => {
  seen.statuses.push(event.response.status);
  seen.reason = event.response.status_details?.reason;
  if (scenario === 'text') finish();
  if (scenario === 'tool') {
    if (seen.tool && !answered) {
      answered = true;
      realtime.send({ type: 'response.create' });
    } else {
      finish();
    }
  }
  if (scenario === 'audio') endOfAudioTurn();
  if (scenario === 'interrupt') endOfInterruption();
});
function endOfAudioTurn() {
  if (scenario === 'audio' && seen.userTranscript !== null && seen.statuses.length) finish();
}
function endOfInterruption() {
  if (seen.truncatedMs !== undefined && seen.statuses.includes('cancelled')) finish();
}

realtime.on('error', (error) => {
  seen.errors.push(String(error.message));
  finish();
});
realtime.socket.on('close', () => {
  console.log(JSON.stringify(seen));
  process.exit(seen.errors.length ? 1 : 0);
});
