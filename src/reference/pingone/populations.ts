import { randomUUID } from 'node:crypto';
import { readObject } from './body.ts';
import { constraint, invalidData, notFound } from './errors.ts';
import { collection, link } from './hal.ts';
import { moment, type Population } from './platform.ts';
import { check, details, may, need, string, text } from './validation.ts';
import { textsStored } from './text-faults.ts';
import { living, neighbour, type Handler, type Request } from './world.ts';

const SHAPE = { name: need(text), description: may(string) };

const THEME = '5ab94557-59c3-4afc-bbf6-046444bd04b8';

function members({ world }: Request, { id }: Population): number {
  const { fault, platform } = world;
  const users = fault('population-counts-deleted') ? platform.users : living(platform.users);
  return users.filter(({ populationId }) => populationId === id || fault('population-counts-everybody')).length;
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

/** Reads a population from a body; the name must not be that of another one. */
function readPopulationSent({ world, call }: Request, self?: Population): Record<string, unknown> {
  const { fault, platform } = world;
  const { kept, problems } = check(readObject(call), SHAPE);
  if (problems.length > 0) throw invalidData(details(problems));
  const taken = living(platform.populations).some((one) => one !== self && one.name === kept.name);
  if (taken && !fault('population-name-not-unique'))
    throw invalidData([{ code: 'UNIQUENESS_VIOLATION', target: 'name', message: 'name is taken' }]);
  return textsStored(fault, 'population', kept);
}

/** Creates a population: 201. Source: getting started, create a population. */
export const createPopulation: Handler = (request) => {
  const { world } = request;
  const { populations } = world.platform;
  const kept = readPopulationSent(request);
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
  const { fault, platform } = request.world;
  const all = living(platform.populations);
  const listed = fault('population-list-lacks-empty') ? all.filter((one) => members(request, one) > 0) : all;
  const items = listed.map((one) => show(request, one));
  return { status: 200, body: collection(request, link(request, 'populations'), 'populations', items) };
};

/** Replaces a population; what is not sent is cleared. Source: update population. */
export const updatePopulation: Handler = (request) => {
  const { fault, now, platform } = request.world;
  const population = populationAt(request);
  const { name, description } = readPopulationSent(request, population);
  if (fault('population-update-ignored'))
    return { status: 200, body: { ...show(request, population), name, description } };
  population.name = name;
  population.description = fault('population-update-merges') ? (description ?? population.description) : description;
  population.updatedAt = now();
  if (fault('population-update-makes-default'))
    for (const one of platform.populations) one.default = one === population;
  return { status: 200, body: show(request, population) };
};

/** Deletes a population, which must be empty; the default one stays. Source: delete population. */
export const deletePopulation: Handler = (request) => {
  const { fault, platform } = request.world;
  const population = populationAt(request);
  const previous = fault('population-delete-takes-previous') && neighbour(platform.populations, population, -1);
  if (previous) previous.deleted = true;
  if (fault('population-with-users-deletable')) {
    for (const user of platform.users) if (user.populationId === population.id) user.deleted = true;
  }
  if (population.default) throw constraint('The default population cannot be deleted');
  if (members(request, population) > 0) throw constraint('The population has users');
  if (!fault('population-delete-ignored')) population.deleted = true;
  return { status: 204 };
};
