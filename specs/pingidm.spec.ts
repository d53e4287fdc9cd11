import { tellStories } from '../src/replay.ts';

tellStories('pingidm');
