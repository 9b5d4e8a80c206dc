import { Global, Module } from '@nestjs/common';
import { ListReader } from './list-reader.js';

/** Reading of lists without pages. */
@Global()
@Module({ providers: [ListReader], exports: [ListReader] })
export class ListsModule {}
