import { replay, test } from '../src/replay.ts';
import { stories } from '../src/sequence.ts';

for (const story of stories())
  for (const [version, { page }] of Object.entries(story.versions))
    test(
      `${story.sequence.title} (${story.product} ${version})`,
      { tag: `@${story.product}-${version}`, annotation: { type: 'page', description: page } },
      async ({ targetId }, info) => {
        await replay(story, version, targetId, info);
      },
    );
