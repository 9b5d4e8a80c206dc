import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Config } from './config.js';

/** Provides the configuration; does not read the environment itself, so that tests can provide their own. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(config: Config): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: Config, useValue: config }], exports: [Config] };
  }
}
