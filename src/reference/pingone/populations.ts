import { randomUUID } from 'node:crypto';
import { readObject } from './body.ts';
import { constraint, invalidData, notFound } from './errors.ts';
import { collection, link } from './hal.ts';
import { moment, type Population } from './platform.ts';
import { check, details, may, need, string, text } from './validation.ts';
import { living, type Handler, type Request } from './world.ts';

const SHAPE = { name: need(text), description: may(string) };

const THEME = '5ab94557-59c3-4afc-bbf6-046444bd04b8';

function members(request: Request, { id }: Population): number {
  return living(request.world.platform.users).filter(({ populationId }) => populationId === id).length;
}

function show(request: Request, population: Population): Record<string, unknown> {
  return {
    _links: {
      self: link(request, 'populations', population.id),
      environment: link(request),
      theme: link(request, 'themes', THEME),
    },
    id: population.id,
    environment: { id: request.world.environmentId },
    name: population.name,
    description: population.description,
    userCount: members(request, population),
    createdAt: moment(population.createdAt),
    updatedAt: moment(population.updatedAt),
    preferredLanguage: 'en',
    theme: { id: THEME },
    default: population.default,
  };
}

/** Creates a population: 201. Source: getting started, create a population. */
export const createPopulation: Handler = (request) => {
  const { world } = request;
  const { kept, problems } = check(readObject(request.call), SHAPE);
  if (problems.length > 0) throw invalidData(details(problems));
  const { populations } = world.platform;
  if (living(populations).some(({ name }) => name === kept.name) && !world.fault('population-name-not-unique'))
    throw invalidData([{ code: 'UNIQUENESS_VIOLATION', target: 'name', message: 'name is taken' }]);
  const now = world.now();
  const population: Population = {
    id: randomUUID(),
    name: kept.name,
    description: kept.description,
    default: false,
    deleted: false,
    createdAt: now,
    updatedAt: now,
  };
  populations.push(population);
  return { status: 201, body: show(request, population) };
};

function populationAt({ world, ids }: Request): Population {
  const population = living(world.platform.populations).find(({ id }) => id === ids[0]);
  if (!population) throw notFound();
  return population;
}

/** Shows one population. */
export const readPopulation: Handler = (request) => ({ status: 200, body: show(request, populationAt(request)) });

/** Lists the environment's populations. Source: pingone-api, read all populations. */
export const listPopulations: Handler = (request) => {
  const items = living(request.world.platform.populations).map((one) => show(request, one));
  return { status: 200, body: collection(request, link(request, 'populations'), 'populations', items) };
};

/** Deletes a population. Chosen: it must be empty, and the default one stays. */
export const deletePopulation: Handler = (request) => {
  const population = populationAt(request);
  if (population.default) throw constraint('The default population cannot be deleted');
  if (members(request, population) > 0) throw constraint('The population has users');
  if (!request.world.fault('population-delete-ignored')) population.deleted = true;
  return { status: 204 };
};
