import { PINGIDM_FAULTS } from '../../src/reference/pingidm/index.ts';
import { faultsAreNoticed } from './support/faults.ts';

faultsAreNoticed('pingidm', PINGIDM_FAULTS);
