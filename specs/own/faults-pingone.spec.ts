import { PINGONE_FAULTS } from '../../src/reference/pingone/index.ts';
import { faultsAreNoticed } from './support/faults.ts';

faultsAreNoticed('pingone', PINGONE_FAULTS);
